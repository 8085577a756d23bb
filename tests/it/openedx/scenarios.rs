//! What a scenario says of Open edX, and what it means.

use std::sync::Arc;

use enrollmock::internals::scenario::{Overrides, Scenario, Source};
use enrollmock::internals::vendors::openedx::records::Mode;
use enrollmock::internals::vendors::openedx::written::Grant;
use enrollmock::internals::vendors::openedx::{User, World};
use serde_json::Value;

use crate::support::{NOW, scenario};

fn world(yaml: &str) -> World {
    let scenario = scenario(yaml);
    World::new(
        Arc::clone(&scenario.bases().openedx),
        scenario.seed(),
        "main",
    )
}

/// The scenario `child.yaml` of a directory with this and its parent `base.yaml`.
fn chain(base: &str, child: &str) -> Result<World, String> {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name);
    let clock = format!("clock: {{ now: {NOW} }}\n");
    std::fs::write(path("base.yaml"), format!("version: 1\n{clock}{base}")).unwrap();
    let head = "version: 1\nextends: base.yaml\n";
    std::fs::write(path("child.yaml"), format!("{head}{child}")).unwrap();
    let source = Source::Path(path("child.yaml"));
    match Scenario::load(&source, Overrides::default()) {
        Ok(scenario) => Ok(World::new(Arc::clone(&scenario.bases().openedx), 0, "main")),
        Err(problems) => {
            let lines = problems.iter().map(|problem| format!("{problem}\n"));
            let root = format!("{}/", directory.path().display());
            Err(lines.collect::<String>().replace(&root, ""))
        }
    }
}

/// What is wrong with a scenario.
fn report(yaml: &str) -> String {
    let source = Source::Inline {
        name: "s.yaml".to_owned(),
        text: format!("version: 1\n{yaml}"),
        beside: None,
    };
    let problems = Scenario::load(&source, Overrides::default()).unwrap_err();
    problems.iter().map(|it| format!("{it}\n")).collect()
}

#[test]
fn what_is_left_out_has_its_default() {
    let world = world(
        "openedx:
  users: [{ username: ann }]
  courses: [{ key: c }, { key: paid, modes: [verified], name: 5 }]
  enrollments: [{ username: ann, course: c }, { username: ann, course: paid, mode: audit }]
  invitations: [{ email: x@example.com, course: c }]
  credentials: [{ token: t, user: ann }, { client_id: k, client_secret: s, user: ann }]
",
    );
    let ann = world.user_named("ann").unwrap();
    assert_eq!(ann.email, "ann@example.com");
    assert!(ann.active && !ann.staff && !ann.disabled && !ann.retired);
    assert!(ann.password.is_none() && ann.administers.is_empty());
    let course = world.course("c").unwrap();
    assert_eq!((&*course.name, &*course.modes), ("c", &[Mode::Audit][..]));
    let paid = world.course("paid").unwrap();
    assert_eq!((&*paid.name, paid.default_mode()), ("5", Mode::Honor));
    let enrollment = world.enrollment(ann.number, course.number).unwrap();
    assert_eq!(enrollment.created, NOW.parse().unwrap());
    assert_eq!((enrollment.mode, enrollment.active), (Mode::Audit, true));
    assert_eq!(enrollment.results, None);
    assert_eq!(world.cohort(ann.number, course.number), None);
    let invitation = world.invitation("x@example.com", course.number).unwrap();
    assert_eq!((invitation.auto_enroll, invitation.used_by), (false, None));
    let client = world.clients().get("k").unwrap();
    assert_eq!(*client.grants, [Grant::ClientCredentials, Grant::Password]);
    assert_eq!(*client.scopes, ["read", "write", "email", "profile"]);
    assert_eq!(world.jwt_secret(), "enrollmock-not-a-secret");
    assert_eq!(
        world.counts(),
        [
            ("users", 1),
            ("courses", 2),
            ("enrollments", 2),
            ("invitations", 1)
        ]
    );
}

#[test]
fn loading_enrolls_nobody_and_registering_does() {
    let mut world = world(
        "openedx:
  users: [{ username: ann }, { username: ben, active: false }]
  courses: [{ key: a }, { key: b }, { key: c }]
  invitations:
    - { email: ANN@example.com, course: a, auto_enroll: true }
    - { email: ben@example.com, course: a, auto_enroll: true }
    - { email: ben@example.com, course: b }
    - { email: Ben@example.com, course: c, auto_enroll: true, used_by: ann }
",
    );
    let [a, b, c] = ["a", "b", "c"].map(|key| world.course(key).unwrap().number);
    let (ann, ben) = (
        world.user_named("ann").unwrap(),
        world.user_named("ben").unwrap(),
    );
    assert!(!world.is_enrolled(ann.number, a) && !world.is_enrolled(ben.number, a));
    let active = User {
        active: true,
        ..(*ben).clone()
    };
    world.register(active, NOW.parse().unwrap());
    assert_eq!(
        [a, b, c].map(|course| world.is_enrolled(ben.number, course)),
        [true, false, false]
    );
    assert_eq!(
        world.invitation("ben@example.com", a).unwrap().used_by,
        Some(ben.number)
    );
    assert_eq!(
        world.invitation("ben@example.com", b).unwrap().used_by,
        None
    );
}

#[test]
fn two_accounts_may_answer_to_one_name_only_across_names_and_addresses() {
    let world = world(
        "openedx:
  users: [{ username: ann@example.com, email: other@example.com }, { username: ann }, { username: Ann, email: third@example.com }]
",
    );
    // A user name that is another's address.
    assert!(world.user_meant("ann@example.com").is_err());
    assert_eq!(world.user_meant("ann").unwrap(), world.user_named("ann"));
    assert_ne!(world.user_named("Ann"), world.user_named("ann"));
    assert_eq!(world.user_meant("nobody").unwrap(), None);
}

#[test]
fn a_childs_record_takes_the_place_of_its_parents() {
    let world = chain(
        "openedx:
  users: [{ username: ann, staff: true }, { username: ben }, { username: Ann, email: x@example.com }]
  courses: [{ key: a, cohorts: [blue] }, { key: b }]
  enrollments:
    - { username: ann, course: a, cohort: blue, mode: honor }
    - { username: ann, course: b }
    - { username: ben, course: a }
  invitations: [{ email: X@example.com, course: a, auto_enroll: true }]
  credentials: [{ token: t, user: ann }, { client_id: c, client_secret: s, user: ann, grants: [password] }]
  jwt_secret: parents
  behaviour: { profile: ulmo, so2_cap: 5, cors_origins: [https://a.example] }
removed: { openedx: { enrollments: [{ username: ben, course: a }] } }
",
        "openedx:
  users: [{ username: zoe }, { username: ann, email: new@example.com }]
  enrollments: [{ username: ann, course: a, active: false }]
  invitations: [{ email: x@EXAMPLE.com, course: a }]
  credentials: [{ token: T, user: zoe }, { client_id: c, client_secret: new, user: zoe }]
  behaviour: { so2_cap: 7, cors_origins: [], drf: before_3_15 }
removed: { openedx: { enrollments: [{ username: ann, course: b }] } }
",
    )
    .unwrap();
    // The whole record is replaced, not key by key, and it keeps its place.
    let ann = world.user_named("ann").unwrap();
    assert_eq!(
        (ann.number, ann.staff, &*ann.email),
        (0, false, "new@example.com")
    );
    assert_eq!(world.user_named("zoe").unwrap().number, 3);
    let rows: Vec<_> = world.enrollments_of(0).collect();
    assert_eq!(rows.len(), 0);
    let ended = world.enrollment(0, 0).unwrap();
    assert_eq!((ended.mode, ended.active), (Mode::Audit, false));
    assert_eq!(world.cohort(0, 0), None);
    assert!(!world.invitation("x@example.com", 0).unwrap().auto_enroll);
    assert_eq!(world.clients().get("c").unwrap().secret, "new");
    assert_eq!(world.jwt_secret(), "parents");
    assert_eq!(
        world.counts(),
        [
            ("users", 4),
            ("courses", 2),
            ("enrollments", 1),
            ("invitations", 1)
        ]
    );
    let behaviour = world.behaviour();
    assert_eq!(behaviour.so2_cap, Some(7));
    assert_eq!(behaviour.cors_origins, Some(vec![]));
    let ulmo = chain("openedx: { behaviour: { profile: ulmo } }\n", "").unwrap();
    // Switch by switch: the profile is the parent's, the texts are not those that go with it.
    assert_eq!(behaviour.profile, ulmo.behaviour().profile);
    assert_ne!(behaviour.drf, ulmo.behaviour().drf);
}

#[test]
fn what_two_files_disagree_on_is_reported_in_the_one_nearer_to_what_is_served() {
    let found = chain(
        "openedx:
  users: [{ username: ann, email: one@example.com }, { username: ben, email: two@example.com }]
  behaviour: { strict_slash: true, failing_identifiers: ['a b'] }
",
        "openedx:
  users: [{ username: ann, email: TWO@example.com }, { username: zoe, email: two@example.com }]
  enrollments: [{ username: ann, course: c }]
  behaviour: { profile: legacy }
",
    );
    assert_eq!(
        found.err().unwrap(),
        "child.yaml:4:35: duplicate email `two@example.com`, first at line 4 of base.yaml
child.yaml:4:78: duplicate email `two@example.com`, first at line 4
child.yaml:5:42: there is no course `c`, expected the key of one
base.yaml:5:30: `strict_slash` is `true`, expected `false` or none: in the legacy profile every path works that begins right
base.yaml:5:58: `a b` is never one identifier, expected text without commas and spaces
"
    );
}

#[test]
fn nobody_takes_the_address_of_a_generated_learner_who_is_still_there() {
    let generate = "seed: 7\ngenerate: { learners: 5 }\n";
    let learner = world(generate).user(2).unwrap();
    let (username, email) = (&learner.username, &learner.email);
    let taken = format!("{generate}openedx: {{ users: [{{ username: zoe, email: '{email}' }}");
    assert_eq!(
        report(&format!("{taken}] }}\n")),
        format!("s.yaml:4:44: duplicate email `{email}`: a generated learner has it\n")
    );
    // Whom a listed account replaces has no address any more.
    world(&format!("{taken}, {{ username: '{username}' }}] }}\n"));
    let upper = username.to_uppercase();
    let cased = format!("{generate}openedx: {{ users: [{{ username: '{upper}' }}]");
    world(&format!("{cased} }}\n"));
    assert_eq!(
        report(&format!(
            "{cased}, behaviour: {{ username_match: any_case }} }}\n"
        )),
        format!(
            "s.yaml:4:32: duplicate username `{upper}`, of which case does not count: a generated learner has it\n"
        )
    );
}

#[test]
fn a_vendor_that_does_not_show_the_population_has_none_of_it() {
    let generate = "generate: { learners: 5, courses: 2, vendors: [ispring] }\n";
    let world = world(generate);
    assert_eq!(world.counts().map(|(_, count)| count), [0; 4]);
    let found = report(&format!(
        "{generate}openedx: {{ users: [{{ username: ann, course_admin: [course-v1:Example+C0001+2024] }}] }}\n"
    ));
    assert_eq!(
        found,
        "s.yaml:3:52: there is no course `course-v1:Example+C0001+2024`, expected the key of one\n"
    );
}

#[test]
fn ten_thousand_faults_are_found_in_a_moment() {
    let many = |row: fn(usize) -> String| (0..10_000).map(row).collect::<String>();
    let users = many(|at| format!("    - {{ username: user{at}, email: same@example.com }}\n"));
    let enrollments = many(|at| format!("    - {{ username: usr{at}, course: c }}\n"));
    let begun = std::time::Instant::now();
    let found = report(&format!(
        "openedx:\n  users:\n{users}  courses: [{{ key: c }}]\n  enrollments:\n{enrollments}"
    ));
    assert_eq!(found.lines().count(), 19_999);
    assert!(begun.elapsed().as_secs() < 60);
}

#[test]
fn the_first_listed_token_is_the_one_to_try_and_knows_whether_it_is_staffs() {
    let of = |credentials: &str| {
        let users = "[{ username: ann }, { username: sam, staff: true }]";
        let scenario = scenario(&format!(
            "openedx:\n  users: {users}\n  credentials: [{credentials}]\n"
        ));
        let base = &scenario.bases().openedx;
        let token = base.first_token().map(str::to_owned);
        (token, base.first_token_is_staffs())
    };
    let client = "{ client_id: c, client_secret: s, user: sam }";
    let [anns, sams] = ["{ token: a, user: ann }", "{ token: b, user: sam }"];
    assert_eq!(of(""), (None, false));
    assert_eq!(of(client), (None, false));
    assert_eq!(
        of(&format!("{client}, {anns}, {sams}")),
        (Some("a".to_owned()), false)
    );
    assert_eq!(of(&format!("{sams}, {anns}")), (Some("b".to_owned()), true));
}

#[test]
fn every_switch_has_its_default_and_can_be_changed() {
    let behaviour = |switches: &str| {
        let world = world(&format!("openedx: {{ behaviour: {{ {switches} }} }}\n"));
        format!("{:?}", world.behaviour())
    };
    let default = behaviour("");
    let defaults = "profile: classic, strict_slash: false, drf: before_3_15, bulk_enroll_view: true, course_admin_ok: false, \
         email_match: any_case, username_match: exact, numeric_identifiers: server_error, bulk_not_found: detail, \
         unknown_course: not_found, failing_identifiers: [], so2_envelope: array, \
         so2_bad_days: A valid integer is required., so2_www_authenticate: jwt, expired_jwt: invalid, lms_headers: false";
    assert_eq!(behaviour(defaults), default);
    // No value says what the absence of these two does.
    let of_nothing = world("openedx: { behaviour: {} }\n");
    assert_eq!(of_nothing.behaviour().so2_cap, None);
    assert_eq!(of_nothing.behaviour().cors_origins, None);
    assert_eq!(
        behaviour("profile: ulmo"),
        behaviour("profile: ulmo, drf: since_3_15")
    );
    let changes = [
        "profile: legacy",
        "strict_slash: true",
        "drf: since_3_15",
        "bulk_enroll_view: false",
        "course_admin_ok: true",
        "email_match: exact",
        "username_match: any_case",
        "numeric_identifiers: text",
        "bulk_not_found: empty",
        "failing_identifiers: [ann]",
        "so2_envelope: results",
        "so2_cap: 5",
        "so2_bad_days: No.",
        "so2_www_authenticate: bearer",
        "expired_jwt: expired",
        "lms_headers: true",
        "cors_origins: []",
    ];
    for changed in changes {
        assert_ne!(behaviour(changed), default, "{changed}");
    }
    let ulmo = behaviour("profile: ulmo");
    let unknown = "profile: ulmo, unknown_course: enroll";
    assert_ne!(behaviour(unknown), ulmo);

    // And there are no others.
    let schema: Value =
        serde_json::from_str(include_str!("../../../scenarios/schema.json")).unwrap();
    let switches = schema["$defs"]["OpenedxBehaviour"]["properties"].as_object();
    for switch in switches.unwrap().keys() {
        let named = format!("{switch}: ");
        assert!(
            changes
                .iter()
                .chain([&unknown])
                .any(|it| it.contains(&named)),
            "{switch} is never changed"
        );
        let absent = ["so2_cap", "cors_origins"].contains(&switch.as_str());
        assert!(
            absent || defaults.contains(&named),
            "{switch} has no default"
        );
    }
}

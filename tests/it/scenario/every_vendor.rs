//! What the scenario format promises of every vendor alike.

use enrollmock::Vendor;
use enrollmock::internals::emulator::Emulator;
use enrollmock::internals::journal::Bounds;
use enrollmock::internals::scenario::{BUILT_IN, Overrides, Scenario, Source, schema};
use serde_json::Value;

use crate::support::{Calls, emulator};

/// What is wrong with a scenario.
fn problems(yaml: &str) -> Vec<String> {
    let source = Source::Inline {
        name: "s.yaml".to_owned(),
        text: format!("version: 1\n{yaml}"),
        beside: None,
    };
    match Scenario::load(&source, Overrides::default()) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

/// The state of a world, as a value.
fn state(it: &Emulator) -> Value {
    let text = it.get("/__admin/state").send().ok().text();
    serde_yaml::from_str(&text).unwrap()
}

/// The values that the schema allows for a switch: those of an enum, or true and false.
fn values<'a>(schema: &'a Value, switch: &'a Value) -> Vec<String> {
    let target = switch["anyOf"][0]["$ref"].as_str();
    let Some(target) = target.and_then(|target| target.strip_prefix("#/$defs/")) else {
        let is_boolean = switch["type"][0] == "boolean";
        let both = ["true", "false"].map(str::to_owned);
        return if is_boolean { both.into() } else { Vec::new() };
    };
    let values = schema["$defs"][target]["oneOf"].as_array();
    let values = values.into_iter().flatten();
    values
        .filter_map(|value| Some(value["const"].as_str()?.to_owned()))
        .collect()
}

/// Each switch of a vendor, with its values.
fn switches(schema: &Value, vendor: Vendor) -> Vec<(String, Vec<String>)> {
    let follow = |value: &Value| {
        let target = value["$ref"]
            .as_str()
            .or(value["anyOf"][0]["$ref"].as_str());
        let name = target.unwrap().strip_prefix("#/$defs/").unwrap();
        schema["$defs"][name].clone()
    };
    let section = follow(&schema["properties"][vendor.name()]);
    let behaviour = follow(&section["properties"]["behaviour"]);
    let switches = behaviour["properties"].as_object().unwrap().iter();
    switches
        .map(|(name, switch)| (name.clone(), values(schema, switch)))
        .collect()
}

#[test]
fn a_state_writes_the_switches_that_are_set_and_no_others() {
    let schema: Value = serde_json::from_str(&schema()).unwrap();
    let mut tried = 0;
    for vendor in Vendor::ALL {
        for (switch, values) in switches(&schema, *vendor) {
            for value in values {
                let name = vendor.name();
                let yaml = format!("{name}: {{ behaviour: {{ {switch}: {value} }} }}");
                // Some values go only with another switch.
                if !problems(&yaml).is_empty() {
                    continue;
                }
                let it = emulator(&yaml);
                let written = &state(&it)[name]["behaviour"];
                let wanted: Value =
                    serde_yaml::from_str(&format!("{{ {switch}: {value} }}")).unwrap();
                assert_eq!(*written, wanted, "{name}");
                tried += 1;
            }
        }
    }
    assert!(tried > 60, "there are more values than {tried}");
}

#[test]
fn no_state_holds_a_null() {
    fn nulls(value: &Value) -> usize {
        match value {
            Value::Null => 1,
            Value::Array(items) => items.iter().map(nulls).sum(),
            Value::Object(members) => members.values().map(nulls).sum(),
            Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
        }
    }
    for (name, _) in BUILT_IN {
        let source = Source::BuiltIn((*name).to_owned());
        let scenario = Scenario::load(&source, Overrides::default()).unwrap();
        let state = state(&Emulator::new(scenario, Bounds::default()));
        assert_eq!(nulls(&state), 0, "{name}: {state:#}");
    }
}

#[test]
fn no_vendor_takes_a_credential_that_is_empty() {
    for vendor in Vendor::ALL {
        let name = vendor.name();
        let found = problems(&format!(
            "{name}:\n  credentials:\n    - {{ client_id: \"\", client_secret: b }}\n    - {{ client_id: a, client_secret: \"\" }}\n    - {{ token: \"\" }}\n"
        ));
        for (place, key) in [
            ("s.yaml:4:20: ", "client_id"),
            ("s.yaml:5:38: ", "client_secret"),
            ("s.yaml:6:16: ", "token"),
        ] {
            let refused = |it: &&String| it.starts_with(place) && it.contains(&format!("`{key}`"));
            assert!(
                found.iter().any(|it| refused(&it)),
                "{name}, {key}: {found:#?}"
            );
        }
    }
}

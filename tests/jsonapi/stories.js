// What is asked of each built-in story.

/// Paths of `include` for enrollments: those that Adobe's parameter lists, and those that clients use beside them.
export const OF_ENROLLMENTS = [
  'learner',
  'learner.account',
  'learner.manager',
  'learnerBadge',
  'learnerBadge.badge',
  'learnerBadge.learner',
  'learnerBadge.model',
  'learningObject',
  'learningObject.enrollment',
  'learningObject.instances',
  'learningObject.subLOs',
  'loInstance',
  'loInstance.badge',
  'loInstance.learningObject',
  'loInstance.learningObject.enrollment',
  'loInstance.loResources',
  'loInstance.loResources.resources',
  'loInstance.subLoInstances',
  'loInstance.subLoInstances.loResources',
  'loInstance.subLoInstances.loResources.resources',
  'loInstance.subLoInstances.learningObject',
  'loInstance.subLoInstances.learningObject.enrollment',
  'loInstance.subLoInstances.learningObject.enrollment.loResourceGrades',
  'loResourceGrades',
  'loResourceGrades.loResource',
];

export const OF_LEARNING_OBJECTS = [
  'enrollment',
  'enrollment.loResourceGrades',
  'instances',
  'instances.badge',
  'instances.enrollment',
  'instances.loResources.resources',
  'instances.subLoInstances.learningObject',
  'subLOs',
  'subLOs.instances',
  'subLOs.enrollment',
];

export const OF_GRADES = ['loResource', 'loResource.loInstance.learningObject', 'loResource.resources'];

export const OF_USERS = ['account', 'manager'];

/// `learners` may call for themselves. `made` is enrolled last: whoever is enrolled there already is taken out before.
export const STORIES = [
  {
    name: 'documented-samples',
    admin: 'alm-documented-samples',
    users: ['20941371', '20941372'],
    learners: {},
    made: { user: '20941371', instance: 'course:7300001_7950001' },
  },
  {
    name: 'pages',
    admin: 'pages-admin',
    users: ['1001', '1002', '1003'],
    learners: { 1001: 'pages-learner' },
    made: { user: '1001', instance: 'learningProgram:2101_3101' },
  },
  {
    name: 'learner-and-admin',
    admin: 'admin-olga',
    users: ['1001', '1002', '1003', '1004', '1005', '1006'],
    learners: { 1001: 'learner-ann', 1002: 'learner-ben', 1004: 'both-ivy' },
    made: { user: '1004', instance: 'course:2001_3001' },
  },
  {
    name: 'quickstart',
    admin: 'alm-admin',
    users: ['1001', '1002'],
    learners: { 1001: 'alm-learner' },
    made: { user: '1001', instance: 'course:2002_3002' },
  },
];

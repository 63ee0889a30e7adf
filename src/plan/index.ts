// Decides: a request and the facts become a plan, a refusal, or nothing to do. Also answers what reading commands ask.
// Never looks at the world (disk, clock, environment, chance) and never acts; the same input gives the same bytes.
// May call model and error only.
export { checkWindows } from './checks/check-windows.ts';
export { collectable, type Kept } from './collectable.ts';
export { externalLinks } from './compose/external-links.ts';
export { checkStep } from './compose/phases/steps-for-checks.ts';
export { decide } from './decide.ts';
export { type Member, membersOf } from './member.ts';
export { type BothWays, type Judgement, judgeUpgrade } from './paths/judge-upgrade.ts';
export { explainWhy, type Why } from './relations/explain-why.ts';
export { allNeeded, dependencyEdges, orderBundles } from './relations/order-bundles.ts';
export { settingQuestions } from './settings/questions.ts';

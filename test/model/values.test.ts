import { expect, test } from 'vitest';
import { expandValues, unknownValues, upgradeVerb, valuesIn } from '../../src/model/index.ts';

test('the values of a text are found in both forms, each once', () => {
  expect(valuesIn('${port} $port ${bundle:redis} ${port} {{x}}')).toEqual(['port', 'bundle:redis']);
  expect(valuesIn('{{setting.port}} {{ name }} ${x}', 'template')).toEqual(['setting.port', 'name']);
});

test('a name that can never have a value is unknown', () => {
  expect(unknownValues('${port} ${setting.a} ${bundle:b} ${generationDir}')).toEqual([]);
  expect(unknownValues('${HOME} ${setting.} ${bundle:} ${} ${toString}')).toEqual([
    'HOME',
    'setting.',
    'bundle:',
    '',
    'toString',
  ]);
});

test('values are put in, and those without one stay and are listed', () => {
  const values = { port: '80', 'setting.a': '$& ${port}' };
  expect(expandValues('p=${port} a=${setting.a} ${x} ${toString}', values)).toEqual({
    text: 'p=80 a=$& ${port} ${x} ${toString}',
    unknown: ['x', 'toString'],
  });
  expect(expandValues('p={{ port }} ${port}', values, 'template')).toEqual({ text: 'p=80 ${port}', unknown: [] });
});

test('a step has exactly one verb', () => {
  expect(upgradeVerb({ reload: 'web', timeout: '5s' })).toBe('reload');
  expect(upgradeVerb({ reload: 'web', stop: 'web' })).toBeNull();
  expect(upgradeVerb({ timeout: '5s' })).toBeNull();
});

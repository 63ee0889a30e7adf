import { describe, expect, test } from 'vitest';
import { drawnLines, mermaidLines } from '../../src/cli/views/graph.ts';
import { laneLines } from '../../src/cli/views/lane-lines.ts';
import { type Workbench, workbench } from '../support/pkg.ts';
import { onTerminal } from '../support/terminal.ts';

async function withPerl(t: Workbench): Promise<void> {
  const perl = await t.bundle('perl', '5.6.0');
  await t.ok('install', '-y', perl, await t.bundle('mod_perl', '1.26.0', { depends: { perl: '<5.8' } }));
}

/** A version that only comes from the one before it. */
function stepwise(t: Workbench, version: number): Promise<string> {
  const data = { directory: true, reads: [version], writes: version };
  const migrate = { files: { 'bin/migrate': '#!/bin/sh\n' } };
  const up = [{ from: `${version - 1}.x`, steps: [{ migrate: 'bin/migrate' }] }];
  const down = [{ to: `${version - 1}.x`, steps: [{ migrate: 'bin/migrate' }] }];
  return t.bundle('db', `${version}.0.0`, { ...migrate, data, upgrade: { up, down } });
}

describe('a picture', () => {
  test('of why something is installed shows who needs it, as Mermaid in a pipe', async () => {
    const t = workbench();
    await withPerl(t);
    expect((await t.ok('why', 'perl', '--graph')).lines).toEqual([
      'flowchart LR',
      '  n0["perl 5.6.0, asked for"]',
      '  n1["mod_perl 1.26.0, asked for"]',
      '  n1 -->|"needs perl #lt;5.8"| n0',
    ]);
  });

  test('is drawn as text on a terminal', async () => {
    const t = workbench();
    await withPerl(t);
    const { screen } = await onTerminal(t, ['why', 'perl', '--graph'], []);
    expect(screen.replaceAll('\r', '')).toBe('mod_perl 1.26.0, asked for\n└─ needs perl <5.8: perl 5.6.0, asked for\n');
  });

  test('of a plan shows every version on the way', async () => {
    const t = workbench();
    await t.ok('install', '-y', await stepwise(t, 1));
    const words = ['plan', 'install', await stepwise(t, 2), await stepwise(t, 3), '--graph'];
    const { nodes, edges } = (await t.ok(...words, '--json')).json;
    expect(nodes.slice(0, 3)).toEqual(['db 1.0.0', 'db 2.0.0', 'db 3.0.0']);
    expect(edges.slice(0, 2)).toMatchObject([
      { from: 'db 1.0.0', to: 'db 2.0.0' },
      { from: 'db 2.0.0', to: 'db 3.0.0' },
    ]);
    expect(edges).toContainEqual(expect.objectContaining({ from: 'db 1.0.0', to: 'db 3.0.0', isDashed: true }));
    expect((await t.ok(...words)).out).toMatch(/n0 -\.->\|".+"\| n2/);
  });

  test('of the history shows the generations, and dashed what was undone', async () => {
    const t = workbench();
    await t.ok('install', '-y', await t.bundle('a', '1.0.0'));
    await t.pkg('install', '-y', await t.bundle('a', '2.0.0', { hooks: { postinstall: 'exit 1' } }));
    await t.ok('install', '-y', await t.bundle('a', '3.0.0'));
    expect((await t.ok('history', '--graph', '--json')).json).toMatchObject({
      nodes: ['an empty root', 'generation 1', 'generation 2', 'generation 3, live'],
      edges: [
        { from: 'an empty root', to: 'generation 1', label: '1: a 1.0.0 added' },
        { from: 'generation 1', to: 'generation 2', label: '2 undone: a 1.0.0 -> 2.0.0', isDashed: true },
        { from: 'generation 1', to: 'generation 3, live', label: '3: a 1.0.0 -> 3.0.0' },
      ],
    });
  });

  test('of a long history is as wide as it has branches, each generation on one line', () => {
    const edge = (from: string, to: string) => ({ from, to, label: `${from}${to}` });
    const undone = (from: string, to: string) => ({ ...edge(from, to), isDashed: true as const });
    const straight = Array.from({ length: 31 }, (_, at) => String(at));
    expect(
      laneLines({ nodes: straight, edges: straight.slice(1).map((to, at) => edge(straight[at] ?? '', to)) }),
    ).toEqual(['*  0', ...straight.slice(1).map((to, at) => `*  ${to}  ${at}${to}`)]);

    // What was undone stands beside the line; d keeps a column of its own until its last change.
    const edges = [
      undone('a', 'b'),
      undone('a', 'c'),
      edge('a', 'd'),
      edge('a', 'e'),
      edge('d', 'f'),
      undone('e', 'g'),
    ];
    expect(laneLines({ nodes: [...'abcdefg'], edges })).toEqual([
      '*  a',
      '├─x  b  ab',
      '├─x  c  ac',
      '├─*  d  ad',
      '* │  e  ae',
      '│ *  f  df',
      '└─x  g  eg',
    ]);
    const crossing = [edge('a', 'b'), undone('a', 'c'), edge('b', 'd'), edge('a', 'e')];
    expect(laneLines({ nodes: [...'abcde'], edges: crossing })).toEqual([
      '*  a',
      '├─*  b  ab',
      '├─┼─x  c  ac',
      '│ *  d  bd',
      '*  e  ae',
    ]);
  });

  test('of the history on a terminal stays in one column as long as nothing branches', async () => {
    const t = workbench();
    for (const version of ['1.0.0', '2.0.0']) await t.ok('install', '-y', await t.bundle('a', version));
    await t.pkg('install', '-y', await t.bundle('a', '3.0.0', { hooks: { postinstall: 'exit 1' } }));
    await t.ok('remove', '-y', 'a');
    const { screen } = await onTerminal(t, ['history', '--graph'], []);
    expect(screen.replaceAll('\r', '').trimEnd().split('\n')).toEqual([
      '*  an empty root',
      '*  generation 1  1: a 1.0.0 added',
      '*  generation 2  2: a 1.0.0 -> 2.0.0',
      '├─x  generation 3  3 undone: a 2.0.0 -> 3.0.0',
      '*  generation 4, live  4: a 2.0.0 removed',
    ]);
  });

  test('of a circle ends, and what stands in it twice is drawn once', () => {
    const edge = (from: string, to: string) => ({ from, to, label: '' });
    const circle = { nodes: ['a', 'b'], edges: [edge('a', 'b'), edge('b', 'a')] };
    expect(drawnLines(circle)).toEqual(['a', '└─ b', '   └─ a …']);
    const diamond = {
      nodes: ['a', 'b', 'c', 'd'],
      edges: [edge('a', 'b'), edge('a', 'c'), edge('b', 'd'), edge('c', 'd')],
    };
    expect(drawnLines(diamond)).toEqual(['a', '├─ b', '│  └─ d', '└─ c', '   └─ d']);
  });

  test('never lets a name become Mermaid', () => {
    const odd = { nodes: ['a"]; click n0', 'b'], edges: [{ from: 'b', to: 'a"]; click n0', label: 'x"| n1 # <b>' }] };
    expect(mermaidLines(odd)).toEqual([
      'flowchart LR',
      '  n0["a#quot;]; click n0"]',
      '  n1["b"]',
      '  n1 -->|"x#quot;| n1 #35; #lt;b#gt;"| n0',
    ]);
  });
});

describe('the dependencies of a plan', () => {
  test('stand in its JSON, and in its picture', async () => {
    const t = workbench();
    const web = await t.bundle('web', '2.0.0', { depends: { lib: '>=1' } });
    const words = ['plan', 'install', await t.bundle('lib', '1.0.0', { provides: { api: '1.0.0' } }), web];
    const { json } = await t.ok(...words, '--json');
    expect(json.needs).toEqual([{ by: 'web', on: 'lib', as: 'lib', range: '>=1' }]);
    expect(json.room.inodes).toBeGreaterThan(0);
    expect((await t.ok(...words, '--graph', '--json')).json.edges).toContainEqual({
      from: 'web 2.0.0',
      to: 'lib 1.0.0',
      label: 'needs lib >=1',
    });
    expect((await t.ok(...words, '--graph')).out).toContain('-->|"needs lib #gt;=1"|');
  });
});

describe('pkg plan --why', () => {
  test('names every way that was not taken, with the reason', async () => {
    const t = workbench();
    await t.ok('install', '-y', await stepwise(t, 1));
    const words = ['plan', 'install', await stepwise(t, 2), await stepwise(t, 3), '--why'];
    const { lines } = await t.ok(...words);
    expect(lines.slice(lines.indexOf('Ways not taken:') + 1)).toEqual([
      expect.stringMatching(/^ {2}db 1\.0\.0 -> db 3\.0\.0: ./),
    ]);
    expect((await t.ok(...words, '--json')).json.rejected).toMatchObject([{ from: 'db 1.0.0', to: 'db 3.0.0' }]);
  });

  test('says so where there was only one way', async () => {
    const t = workbench();
    expect((await t.ok('plan', 'install', await t.bundle('a', '1.0.0'), '--why')).lines.at(-1)).toMatch(
      /^Ways not taken: none/,
    );
  });
});

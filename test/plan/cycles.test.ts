import { describe, expect, test } from 'vitest';
import { orderBundles } from '../../src/plan/index.ts';

/** `b>a` = b needs a; the bundles of a row are its letters, in this order on the command line. */
type Row = readonly [bundles: string, needs: string, order: string];

function orderOf([bundles, needs]: Row): string {
  const edges = needs
    .split(' ')
    .filter(Boolean)
    .map((edge) => edge.split('>'));
  const described = [...bundles].map((name) => ({
    id: { name, version: '1.0.0', digest: `sha256:${name}` },
    manifest: {
      name,
      version: '1.0.0',
      depends: Object.fromEntries(edges.filter(([from]) => from === name).map(([, to]) => [to ?? '', '*'])),
    },
  }));
  return orderBundles(described, [...bundles])
    .map(({ id }) => id.name)
    .join('');
}

// Other engines refuse a set of tasks that wait for each other. Bundles that need each other are legal inside one
// transaction: they come as one group, after everything the group needs and before everyone who needs the group.
describe('the order of bundles', () => {
  test.each<Row>([
    ['a', '', 'a'],
    ['', '', ''],
    ['abc', '', 'abc'],
    ['abcd', 'c>b', 'abcd'],
    ['dcba', 'b>a c>a c>b d>a d>b d>c', 'abcd'],
    ['abcdefgh', 'b>a c>b d>c f>e g>f h>g', 'abcdefgh'],
    ['hgfedcba', 'b>a c>b e>b d>c f>e g>d g>f h>g', 'abcdefgh'],
    ['abcdefgh', 'b>a d>c f>e h>g', 'abcdefgh'],
    ['hgfedcba', 'b>a c>b d>c e>d g>d f>e h>g', 'abcdghef'],
  ])('%s with %s is %s', (...row) => {
    expect(orderOf(row)).toBe(row[2]);
  });

  test.each<readonly [bundles: string, needs: string, group: string]>([
    ['ab', 'b>a a>b', 'ab'],
    ['abcdefgh', 'b>a c>b d>c e>d g>d f>e h>g c>f', 'cdef'],
    ['abcdefgh', 'b>a c>b d>c f>d f>e g>f h>g b>h', 'bcdfgh'],
  ])('%s with %s keeps the cycle %s together, behind what it needs', (bundles, needs, group) => {
    const order = orderOf([bundles, needs, '']);
    const places = [...group].map((name) => order.indexOf(name)).toSorted((a, b) => a - b);
    expect((places.at(-1) ?? 0) - (places[0] ?? 0)).toBe(group.length - 1);
    const outside = needs
      .split(' ')
      .map((edge) => edge.split('>'))
      .filter(([from = '', to = '']) => group.includes(from) !== group.includes(to));
    for (const [from = '', to = ''] of outside) expect(order.indexOf(to)).toBeLessThan(order.indexOf(from));
  });
});

/** Things and what leads from one to another; `isDashed` = looked at, or taken back. */
export type Graph = {
  readonly nodes: readonly string[];
  readonly edges: readonly Edge[];
};

export type Edge = { readonly from: string; readonly to: string; readonly label: string; readonly isDashed?: true };

/** As Mermaid draws it: https://mermaid.js.org/syntax/flowchart.html */
export function mermaidLines({ nodes, edges }: Graph): readonly string[] {
  const id = (node: string): string => `n${nodes.indexOf(node)}`;
  return [
    'flowchart LR',
    ...nodes.map((node) => `  ${id(node)}["${escaped(node)}"]`),
    ...edges.map(({ from, to, label, isDashed }) => {
      const arrow = isDashed === true ? '-.->' : '-->';
      return `  ${id(from)} ${arrow}${label === '' ? '' : `|"${escaped(label)}"|`} ${id(to)}`;
    }),
  ];
}

/** As a tree from everything that nothing leads to; what was drawn already is only named again. */
export function drawnLines({ nodes, edges }: Graph): readonly string[] {
  const drawn = new Set<string>();
  const below = (node: string, indent: string): readonly string[] => {
    if (drawn.has(node)) return [];
    drawn.add(node);
    const leading = edges.filter(({ from }) => from === node);
    return leading.flatMap(({ to, label, isDashed }, at) => {
      const isLast = at === leading.length - 1;
      const arrow = `${isLast ? '└' : '├'}${isDashed === true ? '╌' : '─'}`;
      const more = drawn.has(to) && edges.some(({ from }) => from === to) ? ' …' : '';
      return [
        `${indent}${arrow} ${label === '' ? '' : `${label}: `}${to}${more}`,
        ...below(to, `${indent}${isLast ? '   ' : '│  '}`),
      ];
    });
  };
  const tree = (node: string): readonly string[] => [node, ...below(node, '')];
  const begins = nodes.filter((node) => !edges.some(({ to }) => to === node)).flatMap(tree);
  // Of a circle nothing is the beginning.
  return [...begins, ...nodes.flatMap((node) => (drawn.has(node) ? [] : tree(node)))];
}

/** Mermaid reads `#lt;` where HTML has `&lt;`. */
function escaped(text: string): string {
  return text
    .replaceAll('#', '#35;')
    .replaceAll('"', '#quot;')
    .replaceAll('<', '#lt;')
    .replaceAll('>', '#gt;')
    .replaceAll('\n', ' ');
}

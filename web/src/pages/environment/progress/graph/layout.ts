import { graphlib, layout } from '@dagrejs/dagre';
import type { GetAboutResponse } from '../../../../../../src/client/index.ts';

type StepDescription = GetAboutResponse['steps'][number];

interface Layout {
  width: number;
  height: number;
  nodes: readonly { id: string; x: number; y: number; width: number; height: number }[];
  edges: readonly { from: string; to: string }[];
}

/** `across`: from left to right; `down`: from top to bottom, where there is little width. */
export type Direction = 'across' | 'down';

/** Pixels. About 8 of them are a character; the rest is for the icon, spaces, and the duration, which is below or beside the name. */
const nodeSizes: Record<Direction, (id: string) => { width: number; height: number }> = {
  across: ({ length }) => ({ width: Math.max(104, 40 + 8 * length), height: 48 }),
  down: ({ length }) => ({ width: Math.ceil(96 + 7.5 * length), height: 32 }),
};

/** Where the steps are drawn, by what they need. */
export function layoutOf(steps: readonly StepDescription[], direction: Direction): Layout {
  const graph = new graphlib.Graph().setGraph({
    rankdir: direction === 'across' ? 'LR' : 'TB',
    ranksep: direction === 'across' ? 16 : 12,
    nodesep: direction === 'across' ? 16 : 8,
    marginx: 2,
    marginy: 2,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  const edges = drawnEdges(steps);
  for (const { id } of steps) graph.setNode(id, nodeSizes[direction](id));
  for (const { from, to } of edges) graph.setEdge(from, to);
  layout(graph);
  const size = graph.graph();
  const nodes = steps.map(({ id }) => {
    const { x, y, width, height } = graph.node(id);
    return { id, x: x - width / 2, y: y - height / 2, width, height };
  });
  return { width: size.width ?? 0, height: size.height ?? 0, nodes, edges };
}

/** What each step needs, without what follows from its other needs. */
function drawnEdges(steps: readonly StepDescription[]): Layout['edges'] {
  const needsOf = (id: string): readonly string[] => steps.find((step) => step.id === id)?.needs ?? [];
  const isReached = (from: string, to: string): boolean =>
    needsOf(to).some((need) => need === from || isReached(from, need));
  return steps.flatMap(({ id, needs }) =>
    needs.filter((need) => !needs.some((other) => isReached(need, other))).map((need) => ({ from: need, to: id })),
  );
}

import { graphlib, layout } from '@dagrejs/dagre';
import type { GetAboutResponse } from '../../../../../../src/client/index.ts';

type StepDescription = GetAboutResponse['steps'][number];

interface Layout {
  width: number;
  height: number;
  nodes: readonly { id: string; x: number; y: number; width: number; height: number }[];
  edges: readonly { from: string; to: string }[];
}

/** Pixels. */
const nodeHeight = 48;
/** Of a node: icon, spaces, and about 8 pixels for a character. */
const nodeWidth = (id: string): number => 44 + 8 * id.length;

/** Where the steps are drawn, from left to right by what they need. */
export function layoutOf(steps: readonly StepDescription[]): Layout {
  const graph = new graphlib.Graph().setGraph({
    rankdir: 'LR',
    ranksep: 24,
    nodesep: 16,
    marginx: 4,
    marginy: 4,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  const edges = drawnEdges(steps);
  for (const { id } of steps) graph.setNode(id, { width: nodeWidth(id), height: nodeHeight });
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

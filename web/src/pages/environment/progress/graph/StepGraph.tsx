import { useMemo } from 'react';
import { ReactFlow } from '@xyflow/react';
import type { Edge } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import type { GetAboutResponse, StepProgress } from '../../../../../../src/client/index.ts';
import { layoutOf } from './layout.ts';
import type { Direction } from './layout.ts';
import { StepNode } from './StepNode.tsx';
import type { StepNodeType } from './StepNode.tsx';
import styles from './StepGraph.module.css';

interface StepGraphProps {
  /** pixels that it may take */
  width: number;
  descriptions: GetAboutResponse['steps'];
  steps: readonly StepProgress[];
  onOpen: (id: string) => void;
}

const nodeTypes = { step: StepNode };
/** The graph is a picture that scrolls with the page: nothing in it is moved, selected or zoomed. */
const still = {
  nodesDraggable: false,
  nodesConnectable: false,
  nodesFocusable: false,
  edgesFocusable: false,
  elementsSelectable: false,
  panOnDrag: false,
  zoomOnScroll: false,
  zoomOnPinch: false,
  zoomOnDoubleClick: false,
  preventScrolling: false,
  disableKeyboardA11y: true,
  proOptions: { hideAttribution: true },
} as const;

/** The steps, with what each one needs: across the page where they fit, else from top to bottom. */
export function StepGraph({ width, descriptions, steps, onOpen }: StepGraphProps) {
  const across = useMemo(() => layoutOf(descriptions, 'across'), [descriptions]);
  const down = useMemo(() => layoutOf(descriptions, 'down'), [descriptions]);
  const direction: Direction = across.width <= width ? 'across' : 'down';
  const layout = direction === 'across' ? across : down;
  const nodes = layout.nodes.flatMap(({ id, x, y, width, height }): StepNodeType[] => {
    const step = steps.find((one) => one.id === id);
    const title = descriptions.find((one) => one.id === id)?.title ?? id;
    if (!step) return [];
    const data = { step, title, direction, onOpen: () => onOpen(id) };
    return [{ id, type: 'step', position: { x, y }, width, height, data }];
  });
  const edges = layout.edges.map(({ from, to }): Edge => {
    const hasEnded = steps.some(({ id, finishedAt }) => id === from && finishedAt !== null);
    return { id: `${from} ${to}`, source: from, target: to, className: styles[hasEnded ? 'passed' : 'ahead']! };
  });
  return (
    <div className={styles['frame']} data-direction={direction} role="group" aria-label="Steps and what they need">
      <div style={{ width: layout.width, height: layout.height }}>
        {/* The places of the connections change with the direction. */}
        <ReactFlow key={direction} nodes={nodes} edges={edges} nodeTypes={nodeTypes} {...still} />
      </div>
    </div>
  );
}

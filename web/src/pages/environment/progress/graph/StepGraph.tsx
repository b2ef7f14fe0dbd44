import { useMemo } from 'react';
import { ReactFlow } from '@xyflow/react';
import type { Edge } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import type { GetAboutResponse, StepProgress } from '../../../../../../src/client/index.ts';
import { layoutOf } from './layout.ts';
import { StepNode } from './StepNode.tsx';
import type { StepNodeType } from './StepNode.tsx';
import styles from './StepGraph.module.css';

interface StepGraphProps {
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

/** The steps, with what each one needs. */
export function StepGraph({ descriptions, steps, onOpen }: StepGraphProps) {
  const layout = useMemo(() => layoutOf(descriptions), [descriptions]);
  const nodes = layout.nodes.flatMap(({ id, x, y, width, height }): StepNodeType[] => {
    const step = steps.find((one) => one.id === id);
    const title = descriptions.find((one) => one.id === id)?.title ?? id;
    if (!step) return [];
    return [{ id, type: 'step', position: { x, y }, width, height, data: { step, title, onOpen: () => onOpen(id) } }];
  });
  const edges = layout.edges.map(({ from, to }): Edge => {
    const hasEnded = steps.some(({ id, finishedAt }) => id === from && finishedAt !== null);
    return { id: `${from} ${to}`, source: from, target: to, className: styles[hasEnded ? 'passed' : 'ahead']! };
  });
  return (
    <div className={styles['scroller']} role="group" aria-label="Steps and what they need">
      <div style={{ width: layout.width, height: layout.height }}>
        <ReactFlow nodes={nodes} edges={edges} nodeTypes={nodeTypes} {...still} />
      </div>
    </div>
  );
}

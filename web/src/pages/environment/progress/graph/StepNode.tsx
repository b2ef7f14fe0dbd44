import { Handle, Position } from '@xyflow/react';
import type { Node, NodeProps } from '@xyflow/react';
import type { StepProgress } from '../../../../../../src/client/index.ts';
import { Duration } from '../../../../components/Duration.tsx';
import { StepMark } from '../../../../components/StepMark.tsx';
import styles from './StepGraph.module.css';

export type StepNodeType = Node<{ step: StepProgress; title: string; onOpen: () => void }, 'step'>;

/** A step in the graph: its state and its duration. It opens the row of the step. */
export function StepNode({ data: { step, title, onOpen } }: NodeProps<StepNodeType>) {
  const { id, state, since, finishedAt } = step;
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} className={styles['handle']} />
      <button type="button" className={`${styles['node']} ${styles[state]}`} title={title} onClick={onOpen}>
        <StepMark state={state} />
        <span className={styles['id']}>{id}</span>
        <span className={styles['duration']}>{since === null ? state : <Duration from={since} to={finishedAt} />}</span>
      </button>
      <Handle type="source" position={Position.Right} isConnectable={false} className={styles['handle']} />
    </>
  );
}

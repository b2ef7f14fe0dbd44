import { Handle, Position } from '@xyflow/react';
import type { Node, NodeProps } from '@xyflow/react';
import type { StepProgress } from '../../../../../../src/client/index.ts';
import { Duration } from '../../../../components/Duration.tsx';
import { StepMark } from '../../../../components/StepMark.tsx';
import type { Direction } from './layout.ts';
import styles from './StepGraph.module.css';

export type StepNodeType = Node<
  { step: StepProgress; title: string; direction: Direction; onOpen: () => void },
  'step'
>;

/** A step in the graph: its state and its duration. It opens the row of the step. */
export function StepNode({ data: { step, title, direction, onOpen } }: NodeProps<StepNodeType>) {
  const { id, state, since, finishedAt } = step;
  const [into, out] = direction === 'across' ? [Position.Left, Position.Right] : [Position.Top, Position.Bottom];
  return (
    <>
      <Handle type="target" position={into} isConnectable={false} className={styles['handle']} />
      <button
        type="button"
        className={`${styles['node']} ${styles[state]}`}
        data-direction={direction}
        title={title}
        onClick={onOpen}
      >
        <StepMark state={state} />
        <span className={styles['id']}>{id}</span>
        <span className={styles['duration']}>{since === null ? state : <Duration from={since} to={finishedAt} />}</span>
      </button>
      <Handle type="source" position={out} isConnectable={false} className={styles['handle']} />
    </>
  );
}

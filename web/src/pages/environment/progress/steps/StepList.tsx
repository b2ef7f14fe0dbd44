import type { Environment, GetAboutResponse, StepProgress } from '../../../../../../src/client/index.ts';
import { StepRow } from './StepRow.tsx';
import styles from './StepList.module.css';

interface StepListProps {
  descriptions: GetAboutResponse['steps'];
  environment: Environment;
  steps: readonly StepProgress[];
  /** ids of the steps that are unfolded */
  opened: readonly string[];
  onToggle: (id: string) => void;
}

/** The steps as rows that unfold into their resources. */
export function StepList({ descriptions, environment, steps, opened, onToggle }: StepListProps) {
  return (
    <ol className={styles['list']} aria-label="Steps">
      {steps.map((step) => (
        <StepRow
          key={step.id}
          environment={environment}
          step={step}
          title={descriptions.find(({ id }) => id === step.id)?.title ?? step.id}
          isOpen={opened.includes(step.id)}
          onToggle={() => onToggle(step.id)}
        />
      ))}
    </ol>
  );
}

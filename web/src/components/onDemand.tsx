import { useEffect, useState } from 'react';
import type { ComponentType, ReactNode } from 'react';

type Load<Props> = () => Promise<{ default: ComponentType<Props> }>;

/**
 * A component whose script is loaded when it is first drawn, or before by its `load`; until then, `placeholder`. Not React's `lazy`: React keeps
 * a placeholder for 300 ms, also where the script arrives after 20.
 */
export function onDemand<Props extends object>(loadModule: Load<Props>, placeholder: ReactNode) {
  let loaded: ComponentType<Props> | undefined;
  const load = async (): Promise<ComponentType<Props>> => (loaded ??= (await loadModule()).default);

  function OnDemand(props: Props) {
    const [state, setState] = useState<{ Content?: ComponentType<Props> | undefined; error?: unknown }>({
      Content: loaded,
    });
    useEffect(() => {
      if (!state.Content)
        load().then(
          (Content) => setState({ Content }),
          (error: unknown) => setState({ error }),
        );
    }, [state.Content]);
    // For the error boundary.
    if (state.error !== undefined) throw state.error;
    return state.Content ? <state.Content {...props} /> : placeholder;
  }

  return Object.assign(OnDemand, { load });
}

import type { Json, UserModel, Spec } from './environment.ts';

/** The article's two samples, from its repository (MIT). */
const samples: Record<'custom' | 'mlflow', { request: Json; expected: Json }> = {
  custom: {
    request: {
      data: [
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
        [10, 9, 8, 7, 6, 5, 4, 3, 2, 1],
      ],
    },
    expected: [11055.977245525679, 4503.079536107787],
  },
  mlflow: {
    request: {
      input_data: {
        columns: ['age', 'sex', 'bmi', 'bp', 's1', 's2', 's3', 's4', 's5', 's6'],
        data: [
          [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
          [10, 2, 9, 8, 7, 6, 5, 4, 3, 2],
        ],
        index: [0, 1],
      },
    },
    expected: [6141.267272547523, 6407.1333176127255],
  },
};

/** The sample request of a spec's model and the expected answer. */
export function sampleOf(model: Spec['model']): Pick<UserModel, 'request' | 'expected'> {
  return typeof model === 'string' ? samples[model] : model;
}

/** How a model is served: by its own scoring script, or as an MLflow model. */
export const formatOf = (model: Spec['model']): 'custom' | 'mlflow' =>
  typeof model === 'string' ? model : model.format;

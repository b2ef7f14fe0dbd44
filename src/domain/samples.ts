import type { Json, UserModel, Spec } from './environment.ts';

/** The models that come with Moat. */
export const sampleModels = ['custom', 'mlflow'] as const;

/** The article's two samples, from its repository (MIT). */
const samples: Record<(typeof sampleModels)[number], { request: Json; expected: Json }> = {
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

/** A sample: a request and the expected answer, in the spec or in files of the model's repository. */
export type Sample = Pick<
  UserModel,
  'request' | 'requestFile' | 'requestContentType' | 'expected' | 'expectedFile' | 'tolerance'
>;

/** The sample of a spec's model. */
export function sampleOf(model: Spec['model']): Sample {
  if (typeof model === 'string') return samples[model];
  const { format: _, repository: __, ref: ___, path: ____, ...sample } = model;
  return sample;
}

/** How a model is served: by its own scoring script, or as an MLflow model. */
export const formatOf = (model: Spec['model']): 'custom' | 'mlflow' =>
  typeof model === 'string' ? model : model.format;

import { AsyncLocalStorage } from 'node:async_hooks';
import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import type { PollerLike } from './operations.ts';

/** A request that was not sent. */
export interface PreviewedRequest {
  apiVersion: string;
  /** as ARM would receive it: the SDKs' models have another shape */
  body: Record<string, unknown>;
}

const previews = new AsyncLocalStorage<{ request?: PreviewedRequest }>();

/** Records the request instead of sending it, inside `previewRequest`. */
export const previewPolicy: PipelinePolicy = {
  name: 'preview',
  async sendRequest(request, next) {
    const preview = previews.getStore();
    if (!preview) return next(request);
    preview.request = {
      apiVersion: new URL(request.url).searchParams.get('api-version') ?? '',
      body: JSON.parse(typeof request.body === 'string' ? request.body : '{}') as Record<string, unknown>,
    };
    throw new Error('previewed, not sent');
  },
};

/** What a call of the SDK would send. Sends nothing. Throws what the SDK throws where it refuses the parameters. */
export async function previewRequest(start: () => PollerLike): Promise<PreviewedRequest> {
  const preview: { request?: PreviewedRequest } = {};
  try {
    await previews.run(preview, async () => {
      const started = start();
      await ('submitted' in started ? started.submitted() : started);
    });
  } catch (error) {
    if (!preview.request) throw error;
  }
  if (!preview.request) throw new Error('no request was built');
  return preview.request;
}

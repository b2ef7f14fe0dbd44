import type { ImageReceipt } from '../../../../../src/client/index.ts';
import { CopyButton } from '../../../components/CopyButton.tsx';
import styles from './RunsTab.module.css';

/** The scoring image, and what it was built from. */
export function ImageFacts({ image: { image, commit, baseImages } }: { image: ImageReceipt }) {
  return (
    <section>
      <h3>Image</h3>
      <dl className={styles['facts']}>
        <dt>Scoring image</dt>
        <dd>
          {image === null ? (
            'none built: Azure’s own image serves the model'
          ) : (
            <>
              <code>{image}</code> <CopyButton text={image} what="image" />
            </>
          )}
        </dd>
        <dt>Commit of its sources</dt>
        <dd>
          <code>{commit}</code>
        </dd>
        {baseImages.map(({ name, digest, movedTo }) => [
          <dt key={`${name} name`}>Built from</dt>,
          <dd key={name}>
            <code>
              {name}@{digest}
            </code>
            {movedTo !== null && (
              <>
                {' '}
                The name now refers to <code>{movedTo}</code>.
              </>
            )}
          </dd>,
        ])}
      </dl>
    </section>
  );
}

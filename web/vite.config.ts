import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const api = process.env['MOAT_URL'] ?? 'http://127.0.0.1:3000';
/** Paths of the API, for the development server of `npm run web`. */
const apiPaths =
  '^/(environments|events|plans|sweeps|about|me|auth|healthz|readyz|metrics|docs|openapi\\.json|\\.well-known)';

export default defineConfig(({ command }) => {
  // Whatever the environment says: under a test runner, React's development version would be built.
  if (command === 'build') process.env['NODE_ENV'] = 'production';
  return {
    root: fileURLToPath(new URL('.', import.meta.url)),
    base: '/console/',
    plugins: [react()],
    build: {
      outDir: 'dist',
      // The content security policy allows no data in URLs, and no inline script.
      assetsInlineLimit: 0,
      // One request: the styles of all pages are small.
      cssCodeSplit: false,
      // the first that have light-dark()
      cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
      modulePreload: { polyfill: false },
    },
    server: { proxy: { [apiPaths]: { target: api } } },
  };
});

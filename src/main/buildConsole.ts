import { buildConsole } from './consoleBuild.ts';

// Builds the console for the image, for tests, and by `npm run web:build`.
await buildConsole((line) => console.log(line));

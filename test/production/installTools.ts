import {
  installComposeSchema,
  installKubernetesValidator,
  installKustomize,
  installTemporal,
} from './support/tools.ts';

// Installs what tests of docker-compose.yml and deploy/ need and Debian does not have: minutes once, and no time afterwards.
await installComposeSchema();
await installKubernetesValidator();
await installKustomize();
await installTemporal();

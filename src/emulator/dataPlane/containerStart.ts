import { packagesOf } from './containerImage.ts';
import type { ImageContents, Packages } from './containerImage.ts';
import { missingModule } from './pythonImports.ts';

/** Texts of files by path relative to their directory. */
export type Files = Record<string, string>;

/** What became of a container: its log, and whether it answers `GET /`. */
export interface ContainerStart {
  healthy: boolean;
  log: string[];
}

const serverPackage = 'azureml-inference-server-http';
const lfsPointer = 'version https://git-lfs.github.com/spec/v1';

const traceback = (where: string, line: string): string[] => [
  'Traceback (most recent call last):',
  `  File "${where}", line 1, in <module>`,
  line,
];

/** Why the inference server itself does not start. */
function serverFailure(contents: ImageContents, packages: Packages): string[] | undefined {
  if (contents.starts === 'other') return ['the container ended with exit code 0'];
  const version = packages[serverPackage];
  if (version === undefined) {
    return contents.starts === 'runsvdir'
      ? ['A required package azureml-inference-server-http is missing.']
      : ['exec: "azmlinfsrv": executable file not found in $PATH'];
  }
  // Azure/azureml-examples#4009: 1.3.x takes any azureml package for the old SDK and imports a part of it
  const hasSdkPackage = Object.keys(packages).some((name) => name.startsWith('azureml-') && name !== serverPackage);
  if (version.startsWith('1.3.') && hasSdkPackage && packages['azureml-contrib-services'] === undefined) {
    return traceback(
      'azureml_inference_server_http/server/user_script.py',
      "ModuleNotFoundError: No module named 'azureml.contrib'",
    );
  }
  return undefined;
}

/** Why the scoring script's `init` fails: a module that is absent, or a model that cannot be loaded. */
function scriptFailure(packages: Packages, code: Files, script: string, model: Files): string[] | undefined {
  const text = code[script];
  if (text === undefined) return traceback('user_script.py', `FileNotFoundError: ${script}: No such file or directory`);
  const missing = missingModule(packages, code, script);
  if (missing !== undefined) return traceback(missing.file, `ModuleNotFoundError: No module named '${missing.module}'`);
  if (Object.values(model).some((content) => content.startsWith(lfsPointer))) {
    return traceback(script, "_pickle.UnpicklingError: invalid load key, 'v'.");
  }
  const unpickles = /\b(joblib|pickle|mlflow)\b/.test(text) && Object.keys(model).some((path) => path.endsWith('.pkl'));
  if (unpickles && packages['scikit-learn'] === undefined) {
    return traceback(script, "ModuleNotFoundError: No module named 'sklearn'");
  }
  const raised = /^raise (\w+)\((['"])(.*)\2\)$/m.exec(text);
  return raised ? traceback(script, `${raised[1]}: ${raised[3]}`) : undefined;
}

/**
 * Starts an image's inference server with a scoring script and a model, as the jumpbox's `docker run` and a deployment do. A statement
 * `raise Type('text')` at the beginning of a line of the script is executed.
 */
export function startContainer(contents: ImageContents, code: Files, script: string, model: Files): ContainerStart {
  const packages = packagesOf(contents);
  const server = serverFailure(contents, packages);
  if (server) return { healthy: false, log: server };
  const greeting = `Azure ML Inferencing HTTP server v${packages[serverPackage]}`;
  const failure = scriptFailure(packages, code, script, model);
  if (failure) return { healthy: false, log: [greeting, ...failure, 'Worker failed to boot.'] };
  return { healthy: true, log: [greeting, `Found user script ${script}`, 'Run function was found'] };
}

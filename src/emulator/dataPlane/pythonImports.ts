import type { Packages } from './containerImage.ts';

/** Modules whose name differs from that of their package. */
const packageOfModule: Record<string, string> = {
  sklearn: 'scikit-learn',
  yaml: 'pyyaml',
  PIL: 'pillow',
  cv2: 'opencv-python',
  skimage: 'scikit-image',
  dateutil: 'python-dateutil',
  azureml_inference_server_http: 'azureml-inference-server-http',
  inference_schema: 'inference-schema',
};

const standardLibrary = new Set(
  (
    'abc argparse array ast asyncio base64 binascii bisect calendar cmath collections concurrent contextlib copy csv ctypes ' +
    'dataclasses datetime decimal difflib email enum errno fractions functools gc glob gzip hashlib heapq hmac html http ' +
    'importlib inspect io itertools json locale logging math mimetypes multiprocessing numbers operator os pathlib pickle ' +
    'pkgutil platform pprint queue random re secrets shutil signal socket sqlite3 ssl statistics string struct subprocess ' +
    'sys tempfile textwrap threading time timeit traceback types typing unicodedata unittest urllib uuid warnings weakref ' +
    'xml zipfile zlib zoneinfo'
  ).split(' '),
);

/** Absolute imports of a Python file, in order: `a.b` of `import a.b` and of `from a.b import c`. */
function importsOf(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const from = /^\s*from\s+([A-Za-z_][\w.]*)\s+import\b/.exec(line)?.[1];
    if (from !== undefined) return [from];
    const list = /^\s*import\s+(.+)$/.exec(line)?.[1] ?? '';
    return list
      .split(',')
      .map((one) => one.trim().split(' ')[0] ?? '')
      .filter((one) => /^[A-Za-z_][\w.]*$/.test(one));
  });
}

/** The file of a module below the code directory, be it a package's; undefined where there is none. */
function fileOf(code: Record<string, string>, module: string): string | undefined {
  const path = module.replaceAll('.', '/');
  return [`${path}.py`, `${path}/__init__.py`].find((file) => code[file] !== undefined);
}

const isPackageDirectory = (code: Record<string, string>, module: string): boolean =>
  Object.keys(code).some((file) => file.startsWith(`${module.replaceAll('.', '/')}/`));

/** The first module that a script, or a neighbour that it imports, does not find; undefined when all are there. */
export function missingModule(
  packages: Packages,
  code: Record<string, string>,
  script: string,
  seen = new Set<string>(),
): { module: string; file: string } | undefined {
  seen.add(script);
  for (const module of importsOf(code[script] ?? '')) {
    const [top = ''] = module.split('.');
    const file = fileOf(code, module);
    if (file !== undefined) {
      const deeper = seen.has(file) ? undefined : missingModule(packages, code, file, seen);
      if (deeper) return deeper;
    } else if (fileOf(code, top) !== undefined) return { module, file: script };
    else if (
      !standardLibrary.has(top) &&
      packages[packageOfModule[top] ?? top.replaceAll('_', '-').toLowerCase()] === undefined
    ) {
      if (!isPackageDirectory(code, module)) return { module: top, file: script };
    }
  }
  return undefined;
}

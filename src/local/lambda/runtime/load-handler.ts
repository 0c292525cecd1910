import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RuntimeError } from './failure';

export type Handler = (
  event: unknown,
  context: object,
  callback?: (error?: unknown, result?: unknown) => void,
) => unknown;

/** Finds what `_HANDLER` (`folder/module.export`) names below `LAMBDA_TASK_ROOT`. */
export async function loadHandler(): Promise<Handler> {
  const name = process.env._HANDLER ?? '';
  const [, module, path] = /^([^.]*)\.(.*)$/.exec(basename(name)) ?? [];
  if (name.includes('..') || module === undefined || path === undefined) {
    throw new RuntimeError('Runtime.MalformedHandlerName', `'${name}' is not a valid handler name`);
  }
  const loaded = await loadModule(join(dirname(name), module));
  const handler = path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown>)?.[key], loaded);
  if (typeof handler !== 'function') {
    const problem = handler === undefined ? 'is undefined or not exported' : 'is not a function';
    throw new RuntimeError('Runtime.HandlerNotFound', `${name} ${problem}`);
  }
  if (handler.length >= 3 && !supportsCallbacks()) {
    throw new RuntimeError(
      'Runtime.CallbackHandlerDeprecated',
      'AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. Make the handler async.',
    );
  }
  return handler as Handler;
}

/** Source: AWS Lambda Developer Guide, "Callback-based function handlers": up to nodejs22.x. */
export function supportsCallbacks(): boolean {
  const major = /nodejs(\d+)/.exec(process.env.AWS_EXECUTION_ENV ?? '')?.[1];
  return Number(major) < 24;
}

async function loadModule(module: string): Promise<unknown> {
  const path = resolve(process.env.LAMBDA_TASK_ROOT ?? '', module);
  const file = ['', '.js', '.mjs', '.cjs'].map((extension) => path + extension).find((name) => existsSync(name));
  if (file === undefined) {
    throw new RuntimeError('Runtime.ImportModuleError', `Error: Cannot find module '${basename(module)}'`);
  }
  try {
    return await load(file);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const message = `${error.name}: ${error.message}`;
    if (error instanceof SyntaxError) throw new RuntimeError('Runtime.UserCodeSyntaxError', message, error.stack);
    if (MODULE_NOT_FOUND.includes(codeOf(error)))
      throw new RuntimeError('Runtime.ImportModuleError', message, error.stack);
    throw error;
  }
}

const MODULE_NOT_FOUND: readonly unknown[] = ['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'];
const NEEDS_IMPORT: readonly unknown[] = ['ERR_REQUIRE_ESM', 'ERR_REQUIRE_ASYNC_MODULE'];

/** `require` first: waking Node's ES module loader costs a cold start several milliseconds. */
async function load(file: string): Promise<unknown> {
  try {
    return createRequire(file)(file);
  } catch (error) {
    if (!NEEDS_IMPORT.includes(codeOf(error))) throw error;
    return import(pathToFileURL(file).href);
  }
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;

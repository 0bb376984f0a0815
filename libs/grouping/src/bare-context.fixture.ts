import { existsSync, readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';

type Manifest = { readonly name: string; readonly exports?: { readonly [path: string]: Exports }; readonly module?: string; readonly main?: string };
type Exports = string | { readonly [condition: string]: Exports };

/** The file that a browser's bundler would take: never one that asks for Node. */
const fileOf = (exports: Exports | undefined): string | undefined => (exports === undefined || typeof exports === 'string' ? exports : fileOf(exports['import'] ?? exports['default']));

const resolve = (specifier: string, from: string): string => {
  // As bundlers do, for packages that leave the ending out.
  if (specifier.startsWith('.')) return [specifier, `${specifier}.js`].map((name) => join(dirname(from), name)).find((path) => existsSync(path)) ?? specifier;
  if (specifier.startsWith('node:')) throw new Error(`${from} asks for ${specifier}, which no browser has`);
  const manifest = findPackageJSON(specifier, pathToFileURL(from));
  if (manifest === undefined) throw new Error(`${from} asks for ${specifier}, which is not installed`);
  const { name, exports, module, main } = JSON.parse(readFileSync(manifest, 'utf8')) as Manifest;
  const file = exports ? fileOf(exports[specifier === name ? '.' : `.${specifier.slice(name.length)}`]) : (module ?? main);
  if (file === undefined) throw new Error(`${specifier} gives nothing to import`);
  return join(dirname(manifest), file);
};

/** A module from before imports; it may ask for nothing. */
const oldStyle = (source: string, path: string, context: vm.Context): vm.Module => {
  const module: { exports: Record<string, unknown> } = { exports: {} };
  vm.runInContext(`(function (module, exports) {${source}\n})`, context, { filename: path })(module, module.exports);
  const given = { ...module.exports, default: module.exports };
  return new vm.SyntheticModule(Object.keys(given), function (this: vm.SyntheticModule) { for (const [name, value] of Object.entries(given)) this.setExport(name, value); }, { context, identifier: path });
};

/** Loads a built module, with all that it imports, into a world that knows the language and a little of what every browser's worker has: no process, no Buffer, no require, no timers. */
export const loadBare = async <T>(file: string): Promise<T> => {
  const context = vm.createContext({ TextEncoder, TextDecoder, URL, atob, btoa });
  const loaded = new Map<string, vm.Module>();
  const load = (path: string): vm.Module => {
    const known = loaded.get(path);
    if (known) return known;
    const source = readFileSync(path, 'utf8');
    const module = /^\s*(import|export)\b/m.test(source) ? new vm.SourceTextModule(source, { context, identifier: path }) : oldStyle(source, path, context);
    loaded.set(path, module);
    return module;
  };
  const module = load(file);
  await module.link((specifier, referencing) => load(resolve(specifier, referencing.identifier)));
  await module.evaluate();
  return module.namespace as T;
};

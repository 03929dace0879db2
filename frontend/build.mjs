/**
 * Builds what the shop serves: `node build.mjs` writes the files, `--check` fails when a committed file is not what the
 * sources give. Same sources, same bytes: no hash, no date, no path in the output.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "../oscar_engage/static/oscar_engage/dist");
const common = { bundle: true, minify: true, write: false, charset: "utf8", legalComments: "none", absWorkingDir: here };

/** Two files have a library in them, whose licence asks for these words. */
const RRWEB = "/*! With rrweb (https://github.com/rrweb-io/rrweb), MIT licence, see rrweb.LICENSE.txt beside this file. */";

/** One entry per served file; `limit` is its bar in bytes after gzip -9. */
const outputs = [
  { name: "engage.js", limit: 8192, options: { entryPoints: ["src/engage.js"], format: "iife", target: "es2022" } },
  { name: "offer.js", limit: 3072, options: { entryPoints: ["src/offer.js"], format: "esm", target: "es2022" } },
  { name: "dialog.js", limit: 2048, options: { entryPoints: ["src/dialog.js"], format: "esm", target: "es2022" } },
  { name: "note.js", limit: 5120, options: { entryPoints: ["src/note.js"], format: "esm", target: "es2022" } },
  { name: "suggest.js", limit: 1536, options: { entryPoints: ["src/suggest.js"], format: "esm", target: "es2022" } },
  { name: "chat.js", limit: 5120, options: { entryPoints: ["src/chat.js"], format: "esm", target: "es2022" } },
  { name: "survey.js", limit: 1792, options: { entryPoints: ["src/survey.js"], format: "esm", target: "es2022" } },
  { name: "keep.js", limit: 2048, options: { entryPoints: ["src/keep.js"], format: "esm", target: "es2022" } },
  { name: "segment.js", limit: 1536, options: { entryPoints: ["src/segment.js"], format: "esm", target: "es2022" } },
  { name: "picked.js", limit: 2048, options: { entryPoints: ["src/picked.js"], format: "esm", target: "es2022" } },
  { name: "picker.js", limit: 6144, options: { entryPoints: ["src/picker.js"], format: "esm", target: "es2022" } },
  { name: "field_help.js", limit: 2048, options: { entryPoints: ["src/field_help.js"], format: "esm", target: "es2022" } },
  { name: "push.js", limit: 1536, options: { entryPoints: ["src/push.js"], format: "esm", target: "es2022" } },
  { name: "share.js", limit: 4608, options: { entryPoints: ["src/share.js"], format: "esm", target: "es2022" } },
  { name: "voices.js", limit: 4096, options: { entryPoints: ["src/voices.js"], format: "esm", target: "es2022" } },
  { name: "desk_voices.js", limit: 5120, options: { entryPoints: ["src/desk_voices.js"], format: "iife", target: "es2022" } },
  { name: "record.js", limit: 26624, options: { entryPoints: ["src/record.js"], format: "esm", target: "es2022", banner: { js: RRWEB } } },
  { name: "replay.js", limit: 71680, options: { entryPoints: ["src/replay.js"], format: "iife", target: "es2022", banner: { js: RRWEB } } },
  { name: "desk_push.js", limit: 2048, options: { entryPoints: ["src/desk_push.js"], format: "iife", target: "es2022" } },
  { name: "rules.js", limit: 867, options: { entryPoints: ["src/rules.js"], format: "iife", target: "es2022" } },
  { name: "preview.js", limit: 3584, options: { entryPoints: ["src/preview.js"], format: "iife", target: "es2022" } },
  { name: "engage.css", limit: 6144, options: { entryPoints: ["src/engage.css"], target: ["chrome111", "firefox114", "safari16.4"] } },
];

const isCheck = process.argv.includes("--check");
let isFailed = false;
mkdirSync(target, { recursive: true });
for (const { name, limit, options } of outputs) {
  const result = await build({ ...common, ...options });
  const bytes = Buffer.from(result.outputFiles[0].contents);
  const size = gzipSync(bytes, { level: 9 }).length;
  const file = join(target, name);
  if (size > limit) {
    isFailed = true;
    console.error(`${name}: ${size} bytes after gzip, over its bar of ${limit}`);
  }
  if (!isCheck) writeFileSync(file, bytes);
  else if (!readFileSync(file).equals(bytes)) {
    isFailed = true;
    console.error(`${name} is not what the sources give: run "make frontend"`);
  }
  console.log(`${name}  ${size} bytes after gzip`);
}
process.exitCode = isFailed ? 1 : 0;

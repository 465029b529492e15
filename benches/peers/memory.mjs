// Compares two PNG files in memory, as the packages pixelmatch and
// @blazediff/core do it, and prints the median times in milliseconds:
// `node memory.mjs PEERS EXPECTED ACTUAL`.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';

const [peers, expected, actual] = process.argv.slice(2);
const from = createRequire(pathToFileURL(resolve(peers, 'package.json')));
const { PNG } = from('pngjs');
const load = async (name) => {
  const module = await import(pathToFileURL(from.resolve(name)));
  const named = module.default.diff ?? module.default;
  return named.default ?? named;
};
const [one, other] = [expected, actual].map((file) => PNG.sync.read(readFileSync(file)));
const output = new Uint8Array(one.data.length);
const median = (compare, second) => {
  const times = [];
  for (let round = 0; round < 20; round += 1) {
    const begun = performance.now();
    compare(one.data, second.data, output, one.width, one.height, { threshold: 0.1 });
    times.push(performance.now() - begun);
  }
  return times.sort((a, b) => a - b)[10];
};
for (const [name, package_] of [['pixelmatch', 'pixelmatch'], ['blazediff-js', '@blazediff/core']]) {
  const compare = await load(package_);
  console.log(name, median(compare, other), median(compare, one));
}

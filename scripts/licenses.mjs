/** The licences of all that kt contains and did not write, as one text, made from package-lock.json and what is in node_modules. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const rule = '='.repeat(100);
/** Between the libraries in one part. */
const thinRule = '-'.repeat(100);

/** What is in packages without being a package itself. */
const inside = {
  '@bokuweb/zstd-wasm': {
    what: 'It contains Zstandard:\n\nCopyright (c) Meta Platforms, Inc. and affiliates. All rights reserved.',
    license: 'BSD-3-Clause',
  },
};

/** @param {string} root the folder of package.json */
export function thirdPartyLicenses(root) {
  const read = (...path) => readFileSync(join(root, ...path), 'utf8');
  const lock = JSON.parse(read('package-lock.json')).packages;
  /** The standard text of a licence, for what comes without one. */
  const standard = (license, name) => {
    const file = license === 'Apache-2.0' ? 'LICENSE' : join('scripts', 'licenses', `${license}.txt`);
    if (!existsSync(join(root, file))) throw new Error(`${name} has no licence file, and there is no ${file}`);
    return read(file).trim();
  };
  const packages = Object.entries(lock)
    .filter(([path, { dev }]) => path !== '' && !dev)
    .map(([path]) => {
      const { name, version, license, author } = JSON.parse(read(path, 'package.json'));
      const files = readdirSync(join(root, path)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
      const own = files.map((file) => read(path, file).trim());
      const by = typeof author === 'string' ? author : author?.name;
      const texts = own.length > 0 ? own : [`Copyright (c) ${by || `the authors of ${name}`}\n\n${standard(license, name)}`];
      const { what, license: its } = inside[name] ?? {};
      return section(`${name} ${version} (${license})`, [...texts, ...(what ? [`${what}\n\n${standard(its, name)}`] : [])]);
    });
  const { version: bun } = lock['node_modules/bun'];
  const linked = readdirSync(join(root, 'scripts', 'licenses', 'bun')).filter((file) => file.endsWith('.txt'));
  return [
    'kt is under the Apache License, Version 2.0 (file LICENSE of its sources). It contains the following software of others.\n',
    section('Apache Kafka (Apache-2.0)', [
      'The definitions of its protocol were made into code of kt.\nApache Kafka, Copyright The Apache Software Foundation.',
      read('LICENSE').trim(),
    ]),
    ...packages,
    section(`Bun ${bun} (only in the binary; MIT, with parts under others)`, [
      read('scripts', 'licenses', 'bun.txt').trim().replace('{version}', bun),
      `Copyright (c) the authors of Bun\n\n${standard('MIT', 'bun')}`,
      standard('LGPL-2.0', 'bun'),
      standard('LGPL-2.1', 'bun'),
      ...linked.sort().map((file) => `${thinRule}\n${read('scripts', 'licenses', 'bun', file).trim()}`),
    ]),
  ].join('\n');
}

function section(title, texts) {
  return `${rule}\n${title}\n${rule}\n\n${texts.join('\n\n')}\n`;
}

/**
 * The rules of the house, in one place: who may import what, how long a file and a function may be, and the exceptions, each with its reason.
 * `npm run house` checks them; an exception that is no longer needed fails too, so the lists stay short.
 */

interface Exception {
  readonly reason: string;
}

export interface Rules {
  /** The rooms of src, and which others each may import from, for types as well. A room is a folder of src, or a file directly in it. */
  readonly layers: Readonly<Record<string, readonly string[]>>;
  /** Who may import each package: beginnings of paths in src. */
  readonly packages: Readonly<Record<string, readonly string[]>>;
  readonly maxFileLines: number;
  readonly maxFunctionLines: number;
  /** Beginnings of paths whose length does not matter, since nobody writes these files. */
  readonly generated: readonly string[];
  readonly allowed: {
    readonly circles: readonly (Exception & { readonly files: readonly string[] })[];
    /** By the beginnings of both paths. */
    readonly imports: readonly (Exception & { readonly from: string; readonly to: string })[];
    readonly longFiles: readonly (Exception & { readonly path: string })[];
    readonly longFunctions: readonly (Exception & { readonly path: string; readonly name: string })[];
  };
}

export const rules: Rules = {
  layers: {
    binary: ['main'],
    main: ['session', 'io', 'commands', 'render', 'cli', 'base'],
    session: ['context', 'io', 'commands', 'settings', 'schemas', 'kafka', 'render', 'cli', 'base'],
    context: ['schemas', 'kafka', 'cli', 'base'],
    io: ['render', 'base'],
    commands: ['context', 'records', 'schemas', 'core', 'settings', 'local', 'kafka', 'cli', 'base'],
    records: ['schemas', 'core', 'kafka', 'base'],
    // Schemas and their formats know nothing of Kafka.
    schemas: ['base'],
    core: ['kafka', 'base'],
    // What people type is defined in cli.
    settings: ['schemas', 'kafka', 'cli', 'base'],
    kafka: ['base'],
    render: ['records', 'kafka', 'cli', 'base'],
    cli: ['base'],
    local: ['base'],
    base: [],
  },
  packages: {
    '@eslint-community/regexpp': ['src/base/regex/'],
    '@bokuweb/zstd-wasm': ['src/kafka/compression/zstd.ts'],
    acorn: ['src/records/expression/'],
    ajv: ['src/schemas/json-schema/'],
    'ajv-draft-04': ['src/schemas/json-schema/'],
    'ajv-formats': ['src/schemas/json-schema/'],
    'aws-msk-iam-sasl-signer-js': ['src/kafka/connection/bearer/msk.ts'],
    'bun:ffi': ['src/kafka/connection/kerberos/'],
    chalk: ['src/render/'],
    'cli-table3': ['src/render/'],
    commander: ['src/cli/program.ts', 'src/cli/parser.ts'],
    kafkajs: ['src/kafka/'],
    'node-forge': ['src/settings/', 'src/local/certificates.ts'],
    ora: ['src/render/'],
    'prom-client': ['src/commands/lag/'],
    socks: ['src/kafka/connection/proxy.ts'],
    'string-width': ['src/render/'],
    tinyqueue: ['src/records/'],
    yaml: ['src/render/', 'src/base/yaml-file.ts', 'src/settings/profile'],
  },
  maxFileLines: 250,
  maxFunctionLines: 70,
  generated: ['src/kafka/wire/generated/'],
  allowed: {
    circles: [],
    imports: [],
    longFiles: [
      { path: 'src/commands/index.ts', reason: 'one list: every command' },
      {
        path: 'src/kafka/connect.ts',
        reason: 'the one handle: requests, and the brokers they go to, share what is known of the cluster',
      },
      { path: 'src/kafka/fetch/fetcher.ts', reason: 'one loop, whose parts share what is under way' },
      { path: 'src/kafka/group/consumer-member.ts', reason: 'one member: each heartbeat says what all of its state is' },
      { path: 'src/kafka/produce/sender.ts', reason: 'one loop, whose parts share what is under way' },
    ],
    longFunctions: [
      { path: 'src/cli/completion/bash.ts', name: 'bashScript', reason: 'one script as a template' },
      { path: 'src/cli/completion/fish.ts', name: 'fishScript', reason: 'one script as a template' },
      { path: 'src/cli/completion/zsh.ts', name: 'zshScript', reason: 'one script as a template' },
      {
        path: 'src/kafka/batch/visit-batch.ts',
        name: 'visitBatch',
        reason: 'unrolled, as the reader of every record: 2.3 times faster',
      },
      { path: 'src/session.ts', name: 'openSession', reason: 'one object whose functions share its state' },
    ],
  },
};

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { javaMajor, javaReason } from '../../../src/local/java.ts';
import { mavenReason } from '../../../src/local/maven.ts';

test("Maven's reason is its own words without the goal, the footnotes and the advice", () => {
  const output = [
    '\x1b[0m\x1b[0m[ERROR] Failed to execute goal on project local: Could not resolve dependencies for project kt:local:pom:1: Cannot access central in offline mode -> [Help 1]',
    '[ERROR] ',
    '[ERROR] To see the full stack trace of the errors, re-run Maven with the -e switch.',
  ].join('\n');
  assert.equal(
    mavenReason(output),
    'Could not resolve dependencies for project kt:local:pom:1: Cannot access central in offline mode',
  );
  assert.equal(mavenReason('Error: JAVA_HOME is not defined correctly.\n'), 'Error: JAVA_HOME is not defined correctly.');
});

test("Java's version is read from what each vendor prints", () => {
  assert.equal(javaMajor('openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment'), 17);
  assert.equal(javaMajor('java version "1.8.0_402"'), 8);
  assert.equal(javaMajor('openjdk version "25" 2025-09-16'), 25);
  assert.equal(javaMajor('Picked up JAVA_TOOL_OPTIONS: -Dx=1\nopenjdk version "21.0.2"'), 21);
  assert.equal(javaMajor('The operation couldn’t be completed. Unable to locate a Java Runtime.'), undefined);
});

test("Java's reason is the exception's own words, wherever they stand", () => {
  const printed = [
    'Formatting data with metadata.version 4.3-IV0.',
    'Exception in thread "main" org.apache.kafka.common.config.ConfigException: Invalid value soon for configuration log.retention.hours',
    '\tat org.apache.kafka.common.config.ConfigDef.parseType(ConfigDef.java:778)',
  ].join('\n');
  assert.equal(javaReason(printed), 'Invalid value soon for configuration log.retention.hours');
  assert.equal(
    javaReason('Error: Could not find or load main class kafka.Kafka\nCaused by: …'),
    'Error: Could not find or load main class kafka.Kafka',
  );
  assert.equal(javaReason(''), '');
});

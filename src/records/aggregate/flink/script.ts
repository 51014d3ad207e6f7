/** The whole text that `--print flink-sql` prints: what to know and to do, as comments, and the statements. */
import type { FlinkSql } from './job.ts';

export interface FlinkScript extends FlinkSql {
  /** kt's own line for the same. */
  readonly command: string;
  /** The line that creates the topic of results; undefined where there is none. */
  readonly creates: string | undefined;
  /** Places that have to be filled in, such as `<sasl.password>`. */
  readonly blanks: readonly string[];
}

export function scriptText({ command, creates, blanks, statements, notes }: FlinkScript): string {
  const comments = [
    'A job for Apache Flink 2.2, made by kt:',
    `  ${command}`,
    'Put flink-sql-connector-kafka-5.0.0-2.2.jar into the lib folder of Flink and run: bin/sql-client.sh -f FILE',
    ...(blanks.length > 0 ? [`Fill in: ${blanks.join(', ')}`] : []),
    ...(creates === undefined
      ? []
      : ['Results have the times of their windows; a topic that keeps them whatever their age:', `  ${creates}`]),
    ...(notes.length > 0 ? ['Where results can differ from those of kt:', ...notes.map((note) => `- ${note}`)] : []),
  ];
  return `${comments.map(commentLine).join('\n')}\n\n${statements.join('\n\n')}\n`;
}

/** A semicolon at the end of a line could end a statement. */
function commentLine(text: string): string {
  return `-- ${text
    .replaceAll(/\s+$|[\r\n]+/g, ' ')
    .replace(/;\s*$/, '; --')
    .trimEnd()}`;
}

/** A schema from a file, with the options that say what it is. */
import { usageError } from '../../base/errors.ts';
import { option, repeatable } from '../../cli/define.ts';
import { choice, text } from '../../cli/options.ts';
import type { Context } from '../../context.ts';
import { parseReference } from '../../schemas/registry/name.ts';
import { type DraftSchema, type ReferenceName, type SchemaType, schemaTypes } from '../../schemas/registry/schema.ts';
import { typeOfText } from '../../schemas/registry/type-of-text.ts';
import { namedText } from '../named-text.ts';

export const draftOptions = {
  file: option('-f, --file <file>', 'file with the schema; - is stdin', text, { complete: 'file' }),
  type: option('--type <type>', 'what the file holds', choice(schemaTypes), { defaultText: "by the file's name and text" }),
  reference: repeatable(
    '--reference <name=subject@version>',
    'a schema that this one refers to: by full name in Avro, import in Protobuf, $ref in JSON Schema',
    parseReference,
  ),
};

interface DraftOptions {
  readonly file: string | undefined;
  readonly type: SchemaType | undefined;
  readonly reference: readonly ReferenceName[];
}

/** @throws KtError `usage` for a file that cannot be read, is no JSON where it should be, or whose type cannot be told */
export async function readDraft(context: Context, { file, type, reference }: DraftOptions): Promise<DraftSchema> {
  if (file === undefined) throw usageError('--file (not given)', 'name the file with the schema: -f order.avsc');
  const content = await namedText(context, file);
  const shown = file === '-' ? 'stdin' : file;
  if (content.trim() === '') throw usageError(`${shown} is empty`, 'is it the right file?');
  const found = type ?? typeOf(file, content);
  if (!found) throw usageError(`--type (cannot tell what ${shown} holds)`, `add --type ${schemaTypes.join(', or ')}`);
  if (found !== 'PROTOBUF') checkJson(content, shown);
  // The line end that editors add is no part of the schema; some registries would take it for another one.
  return { type: found, text: content.trimEnd(), references: reference };
}

/** By the name's end, else by the text. */
function typeOf(file: string, content: string): SchemaType | undefined {
  if (/\.avsc$/i.test(file)) return 'AVRO';
  if (/\.proto$/i.test(file)) return 'PROTOBUF';
  return typeOfText(content);
}

function checkJson(content: string, shown: string): void {
  try {
    JSON.parse(content);
  } catch (error) {
    throw usageError(`${shown} is no JSON (${(error as Error).message})`, 'is it the right file?');
  }
}

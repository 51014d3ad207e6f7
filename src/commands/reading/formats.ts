/** `--key-format` and `--value-format` of the commands that print records, from the table of serdes. */
import { type Option, option } from '../../cli/define.ts';
import { choice } from '../../cli/options.ts';
import { type SerdeName, serdeMeanings, serdeNames } from '../../records/serde/table.ts';

const extra = { defaultText: "string; internal for Kafka's own topics; schema where a registry is set" };

type FormatOption = Option<SerdeName | undefined>;

/** How records are read and shown. */
export const recordFormatOptions: { readonly keyFormat: FormatOption; readonly valueFormat: FormatOption } = {
  keyFormat: option('--key-format <format>', 'how keys are read', choice(serdeNames), extra),
  valueFormat: option('--value-format <format>', 'how values are read', choice(serdeNames), extra),
};

/** A paragraph of help on the formats. */
export const recordFormatsHelp = `--key-format and --value-format say how keys and values are read: ${serdeMeanings(serdeNames)}.`;

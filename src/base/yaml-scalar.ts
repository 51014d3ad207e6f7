/** Texts as YAML scalars that every reader takes for the same text. */

/** Words that other YAML readers do not take for text. */
const otherTypes = /^(true|false|null|yes|no|on|off|y|n)$/i;

/** Plain where no reader can misread it, otherwise quoted as JSON, which is also YAML. */
export function yamlScalar(text: string): string {
  const plain = /^[A-Za-z][\w.-]*(:[A-Za-z][\w.-]*)?$/.test(text) && !otherTypes.test(text);
  if (plain || /^(-?[1-9]\d*|0)$/.test(text) || /^\d+(\.\d+)?[A-Za-z]+(\d+[A-Za-z]+)*$/.test(text)) {
    // 1e3 is a number to many.
    if (!/^\d+(\.\d+)?e\d+/i.test(text)) return text;
  }
  return JSON.stringify(text).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** What an edition means where a file sets nothing else (https://protobuf.dev/editions/features). */
import type { Edition, FeatureName, Features } from '../source/declaration.ts';

/** All features, as they hold in one place. */
export type ResolvedFeatures = { readonly [name in FeatureName]: string };

const editions: Readonly<Record<Edition, ResolvedFeatures>> = {
  proto2: defaults('EXPLICIT', 'CLOSED', 'EXPANDED'),
  proto3: defaults('IMPLICIT', 'OPEN', 'PACKED'),
  '2023': defaults('EXPLICIT', 'OPEN', 'PACKED'),
  '2024': defaults('EXPLICIT', 'OPEN', 'PACKED'),
};

function defaults(presence: string, enumType: string, repeated: string): ResolvedFeatures {
  return {
    field_presence: presence,
    enum_type: enumType,
    repeated_field_encoding: repeated,
    message_encoding: 'LENGTH_PREFIXED',
  };
}

export function fileFeatures(edition: Edition, set: Features): ResolvedFeatures {
  return { ...editions[edition], ...set };
}

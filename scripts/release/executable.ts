/** Reads the header of a program: which system and processor it is for, and what its system needs to load it. */

export interface Executable {
  readonly format: 'ELF' | 'Mach-O' | 'PE';
  readonly machine: 'x64' | 'arm64';
  /** ELF: the loader, such as `/lib64/ld-linux-x86-64.so.2`. */
  readonly loader?: string;
  /** Mach-O: the place of the signature that Apple's processors ask for, in bytes. */
  readonly signature?: { readonly offset: number; readonly size: number };
  /** PE: whether it is a console program, whose output a terminal shows. */
  readonly isConsole?: boolean;
}

/** @throws if the bytes are no 64-bit program of the three formats, for x64 or arm64 */
export function readExecutable(bytes: Buffer): Executable {
  if (bytes.readUInt32BE(0) === 0x7f454c46 && bytes[4] === 2) return readElf(bytes);
  if (bytes.readUInt32LE(0) === 0xfeedfacf) return readMachO(bytes);
  if (bytes.toString('latin1', 0, 2) === 'MZ') return readPe(bytes);
  throw new Error('it is no 64-bit program for Linux, macOS or Windows');
}

function machineOf(id: number, ids: { readonly x64: number; readonly arm64: number }): 'x64' | 'arm64' {
  if (id === ids.x64) return 'x64';
  if (id === ids.arm64) return 'arm64';
  throw new Error(`it is for another processor (${id})`);
}

/** ELF-64 Object File Format: the header, then e_phnum program headers; PT_INTERP is 3. */
function readElf(bytes: Buffer): Executable {
  const machine = machineOf(bytes.readUInt16LE(18), { x64: 62, arm64: 183 });
  const start = Number(bytes.readBigUInt64LE(32));
  const size = bytes.readUInt16LE(54);
  const count = bytes.readUInt16LE(56);
  for (let index = 0; index < count; index++) {
    const header = start + index * size;
    if (bytes.readUInt32LE(header) !== 3) continue;
    const offset = Number(bytes.readBigUInt64LE(header + 8));
    const length = Number(bytes.readBigUInt64LE(header + 32));
    return { format: 'ELF', machine, loader: bytes.toString('latin1', offset, offset + length - 1) };
  }
  return { format: 'ELF', machine };
}

/** mach-o/loader.h: a header of 32 bytes, then ncmds commands, each with its size; LC_CODE_SIGNATURE is 0x1d. */
function readMachO(bytes: Buffer): Executable {
  const machine = machineOf(bytes.readUInt32LE(4), { x64: 0x01000007, arm64: 0x0100000c });
  const count = bytes.readUInt32LE(16);
  for (let index = 0, at = 32; index < count; index++, at += bytes.readUInt32LE(at + 4)) {
    if (bytes.readUInt32LE(at) !== 0x1d) continue;
    return {
      format: 'Mach-O',
      machine,
      signature: { offset: bytes.readUInt32LE(at + 8), size: bytes.readUInt32LE(at + 12) },
    };
  }
  return { format: 'Mach-O', machine };
}

/** PE Format: the offset of its header is at 0x3c; the optional header begins 24 bytes after it, with the subsystem at 68 (3: console). */
function readPe(bytes: Buffer): Executable {
  const at = bytes.readUInt32LE(0x3c);
  if (bytes.toString('latin1', at, at + 4) !== 'PE\0\0') throw new Error('it is a program for DOS');
  const machine = machineOf(bytes.readUInt16LE(at + 4), { x64: 0x8664, arm64: 0xaa64 });
  if (bytes.readUInt16LE(at + 24) !== 0x20b) throw new Error('it is a 32-bit program');
  return { format: 'PE', machine, isConsole: bytes.readUInt16LE(at + 24 + 68) === 3 };
}

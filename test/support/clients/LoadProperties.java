import java.io.*;
import java.util.*;

/**
 * What java.util.Properties reads of many texts. In: for each, its length in bytes and its UTF-16 units. Out: for each, how many entries it
 * has, or -1 for an error; then names and values in the order in which they stand, each with its length in UTF-16 units.
 */
public class LoadProperties {
  public static void main(String[] args) throws IOException {
    var in = new DataInputStream(new BufferedInputStream(System.in, 1 << 20));
    var out = new DataOutputStream(new BufferedOutputStream(System.out, 1 << 20));
    while (true) {
      byte[] bytes;
      try {
        bytes = in.readNBytes(in.readInt());
      } catch (EOFException end) {
        break;
      }
      var texts = new ArrayList<String>();
      var properties = new Properties() {
        @Override
        public synchronized Object put(Object name, Object value) {
          texts.add((String) name);
          texts.add((String) value);
          return super.put(name, value);
        }
      };
      try {
        properties.load(new StringReader(unitsOf(bytes)));
        out.writeInt(texts.size() / 2);
        for (var text : texts) {
          out.writeInt(text.length());
          out.writeChars(text);
        }
      } catch (IllegalArgumentException malformed) {
        out.writeInt(-1);
      }
    }
    out.flush();
  }

  private static String unitsOf(byte[] bytes) {
    var units = new char[bytes.length / 2];
    for (int i = 0; i < units.length; i++) units[i] = (char) ((bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff);
    return new String(units);
  }
}

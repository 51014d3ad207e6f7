/** Tests whose work can be longer than in `npm test`. */

/** Whether they run in their long form: `npm run test:faults`. */
export const isLong = process.env['KT_TEST_LONG'] === '1';

/** Days since 1970-01-01 ↔ year, month and day of the Gregorian calendar, for years of any size. */

/** 400 years, after which the calendar repeats. */
const cycleDays = 146_097;
/** From 0000-03-01, with which its years begin, to 1970-01-01. */
const shiftDays = 719_468;

/** The last result of `civilOf`: no object for each date. */
export const civil = { year: 0, month: 0, day: 0 };

/** Years begin in March here, so that the leap day is a year's last. */
export function civilOf(days: number): void {
  const shifted = days + shiftDays;
  const cycle = Math.floor(shifted / cycleDays);
  const dayOfCycle = shifted - cycle * cycleDays;
  const yearOfCycle =
    ((dayOfCycle - ((dayOfCycle / 1460) | 0) + ((dayOfCycle / 36_524) | 0) - ((dayOfCycle / 146_096) | 0)) / 365) | 0;
  const dayOfYear = dayOfCycle - (365 * yearOfCycle + (yearOfCycle >> 2) - ((yearOfCycle / 100) | 0));
  const month = ((5 * dayOfYear + 2) / 153) | 0;
  civil.day = dayOfYear - (((153 * month + 2) / 5) | 0) + 1;
  civil.month = month < 10 ? month + 3 : month - 9;
  civil.year = yearOfCycle + cycle * 400 + (month < 10 ? 0 : 1);
}

/** NaN for a day that the month has not. */
export function daysOf(year: number, month: number, day: number): number {
  if (month < 1 || month > 12 || day < 1 || day > monthDays(year, month)) return Number.NaN;
  const shifted = month > 2 ? year : year - 1;
  const cycle = Math.floor(shifted / 400);
  const yearOfCycle = shifted - cycle * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return (
    cycle * cycleDays + yearOfCycle * 365 + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100) + dayOfYear - shiftDays
  );
}

function monthDays(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

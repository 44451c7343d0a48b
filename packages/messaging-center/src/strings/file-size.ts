import type { Strings } from './strings.ts'

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

/** How big a file is, in the largest unit of which there is one. */
export function fileSize(bytes: number, { language }: Pick<Strings, 'language'>): string {
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  const format = {
    style: 'unit',
    unit: units[step] ?? 'byte',
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: 1
  }
  return new Intl.NumberFormat(language, format as Intl.NumberFormatOptions).format(bytes / 1_000 ** step)
}

const browsers: [name: string, sign: RegExp][] = [
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\b(?:OPR|Opera)\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Chrome|CriOS|Chromium|HeadlessChrome)\//],
  ['Safari', /\bVersion\/[\d.]+.*\bSafari\//]
]
const systems: [name: string, sign: RegExp][] = [
  ['Android', /\bAndroid\b/],
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMacintosh\b/],
  ['Linux', /\bLinux\b/]
]

export interface Device {
  browser?: string
  system?: string
}

/** What a `User-Agent` says it is, as far as people have names for it. Anything else is a program: the first word of what it calls itself. */
export function deviceOf(user_agent: string | null): Device {
  const find = (names: typeof browsers) => names.find(([, sign]) => sign.test(user_agent ?? ''))?.[0]
  const browser = find(browsers) ?? /^(?!Mozilla\b)[\w.-]+/.exec(user_agent ?? '')?.[0]
  const system = find(systems)
  return { ...(browser ? { browser } : {}), ...(system ? { system } : {}) }
}

/** Drawn on 24 × 24 with a round pen. */
const paths = {
  'arrow-down': 'M12 5v14M6 13l6 6 6-6',
  attach: 'm20 11-8.2 8.2a5 5 0 0 1-7-7L13 4a3.4 3.4 0 0 1 4.8 4.8l-8.2 8.2a1.7 1.7 0 0 1-2.4-2.4l7.5-7.5',
  back: 'm15 5-7 7 7 7',
  bell: 'M6 16v-5a6 6 0 0 1 12 0v5l1.5 2h-15zM10 21h4',
  'bell-off': 'M8 6.5A6 6 0 0 1 18 11v5M6 10.5V16l-1.5 2H18M10 21h4M4 4l16 16',
  block: 'M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0zM5.6 5.6l12.8 12.8',
  bold: 'M7 5h6a3.5 3.5 0 0 1 0 7H7zM7 12h7a3.5 3.5 0 0 1 0 7H7z',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  'check-double': 'm2 12.5 4.5 4.5L15 8.5M12 16.2l.8.8L22 7.5',
  'chevron-end': 'm9 6 6 6-6 6',
  clock: 'M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0zM12 7v5l3.5 2',
  close: 'M6 6l12 12M18 6 6 18',
  code: 'm8 7-5 5 5 5M16 7l5 5-5 5',
  compass: 'M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0zM15.5 8.5l-2 5-5 2 2-5z',
  copy: 'M9 9h11v11H9zM15 9V4H4v11h5',
  delete: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5',
  download: 'M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 20h14',
  edit: 'm4 20 1-4L16 5l3 3L8 19zM14 7l3 3',
  eye: 'M2 12c4-8 16-8 20 0-4 8-16 8-20 0zM15 12a3 3 0 1 1-6 0 3 3 0 0 1 6 0z',
  'eye-off':
    'M7 7.2A12 12 0 0 0 2 12c3 6 10.5 7.5 15 4.8M10 6.2c4.8-.8 9.7 1.2 12 5.8a12 12 0 0 1-2.2 3M9.9 9.9a3 3 0 0 0 4.2 4.2M4 4l16 16',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  flag: 'M5 21V4h13l-2.5 4.5L18 13H5',
  forward: 'm15 6 5 5-5 5M20 11H10a6 6 0 0 0-6 6v1',
  group:
    'M15.5 8a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0zM6 19a6 6 0 0 1 12 0M6.5 5.5a3 3 0 0 0-1.5 5.6M2 17a5 5 0 0 1 2-4M17.5 5.5a3 3 0 0 1 1.5 5.6M22 17a5 5 0 0 0-2-4',
  image: 'M4 5h16v14H4zM4 16l4.5-4.5L14 17l2.5-2.5L20 18M15 9.5v.01',
  italic: 'M10 5h7M7 19h7M14 5l-4 14',
  keyboard: 'M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M18 10h.01M7 14h10',
  link: 'M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1.5 1.5M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7l1.5-1.5',
  list: 'M9 6h11M9 12h11M9 18h11M4.5 6v.01M4.5 12v.01M4.5 18v.01',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  members:
    'M12 8a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0zM2 20a6.5 6.5 0 0 1 13 0M16 4.8a3.5 3.5 0 0 1 0 6.4M18 14.2a6.5 6.5 0 0 1 4 5.8',
  mention: 'M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM16 8v5.5a2.5 2.5 0 0 0 5 0V12a9 9 0 1 0-3.5 7.1',
  message: 'M4 5h16v11H10l-4 4v-4H4z',
  more: 'M5 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0M11 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0M17 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0',
  person: 'M16 8a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM4.5 20.5a7.5 7.5 0 0 1 15 0',
  'person-add': 'M13 8a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM1.5 20.5a7.5 7.5 0 0 1 15 0M19.5 8v6M16.5 11h6',
  pin: 'M9 4h6l-1 6 4 4H6l4-4zM12 14v6',
  play: 'M7 5v14l12-7z',
  plus: 'M12 5v14M5 12h14',
  quote: 'M10 7H5v6h5zM10 13c0 2-1 3.5-3.5 4M19 7h-5v6h5zM19 13c0 2-1 3.5-3.5 4',
  refresh: 'M20 11a8 8 0 1 0-2 6.3M20 5v6h-6',
  reply: 'm9 6-5 5 5 5M4 11h10a6 6 0 0 1 6 6v1',
  search: 'M17 10.5a6.5 6.5 0 1 1-13 0 6.5 6.5 0 0 1 13 0zM15.3 15.3 20 20',
  send: 'M4 12 20 4l-5 16-4-7zM11 13l9-9',
  settings:
    'M4 8h7M17 8h3M4 16h3M13 16h7M17 8a3 3 0 1 1-6 0 3 3 0 0 1 6 0zM13 16a3 3 0 1 1-6 0 3 3 0 0 1 6 0z',
  shield: 'M12 3l8 3v6c0 4.5-3.5 7.5-8 9-4.5-1.5-8-4.5-8-9V6z',
  'sign-out': 'M10 4H5v16h5M14 8l4 4-4 4M18 12H9',
  smile: 'M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0zM8.5 14.5a4.2 4.2 0 0 0 7 0M9 9.5v.01M15 9.5v.01',
  thread: 'M4 5h16v11H10l-4 4v-4H4zM8 9h8M8 12h5',
  warning: 'M12 4 2.8 20h18.4zM12 10v4.5M12 17.2v.01',
  offline:
    'M3 3l18 18M5 12.5a10 10 0 0 1 4-2.4M2 8.8a15 15 0 0 1 4.6-3M13 9.9a10 10 0 0 1 6 2.6M11 5a15 15 0 0 1 11 3.8M8.5 16a5 5 0 0 1 7 0M12 19.5v.01'
} as const

export type IconName = keyof typeof paths

/** Those that point along the line of text: mirrored where it runs from the right. */
const directed: readonly string[] = [
  'back',
  'chevron-end',
  'forward',
  'list',
  'reply',
  'send',
  'sign-out',
  'thread'
] satisfies IconName[]

/** A picture beside words, or within a button that has a label: it says nothing by itself. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      class={`icon${directed.includes(name) ? ' icon-directed' : ''}`}
      viewBox="0 0 24 24"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  )
}

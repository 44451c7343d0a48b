import type { Browser } from 'playwright-core'

/** What a choir hangs on doors. */
export async function drawPoster(browser: Browser): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: 360, height: 150 } })
  await page.setContent(`<body style="margin:0;zoom:.5;background:#20403a;color:#f4ead6;font:400 22px Georgia,serif">
    <svg width="720" height="300" viewBox="0 110 720 300" style="position:absolute">
      <circle cx="560" cy="150" r="96" fill="#e0a54a"/>
      <path d="M0 330 C 120 280 220 350 340 310 S 580 270 720 330 V420 H0Z" fill="#2f5d50"/>
      <path d="M0 360 C 140 320 260 390 400 350 S 620 330 720 370 V420 H0Z" fill="#17302b"/>
    </svg>
    <div style="position:absolute;left:48px;top:28px">
      <div style="letter-spacing:.3em;font-size:15px">CHOIR OF THE OLD HARBOUR</div>
      <div style="font-size:56px;line-height:1.05;margin:14px 0">Spring<br>concert</div>
      <div>21 March, seven o’clock · St. Olav’s</div>
    </div>`)
  const picture = await page.screenshot()
  await page.close()
  return picture
}

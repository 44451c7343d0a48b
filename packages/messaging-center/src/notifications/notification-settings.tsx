/** What notifies on this device. A section of the settings. */
export function NotificationSettings() {
  return null
}

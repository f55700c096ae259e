/**
 * What is known of Electron's supported lines: the three newest majors, each with the lowest version that has
 * the mended forms of all advisories published until then. To be read anew with every change of the version.
 */
export const electronFloor = {
  readOn: '2026-11-22',
  source: 'https://github.com/electron/electron/security/advisories',
  /** GPU frames out of bounds (CVE-2026-114122, CVE-2026-114124), and in 43 Node’s fixes of October 2026. */
  lowest: { 43: '43.8.4', 44: '44.4.3', 45: '45.0.0' },
} as const

/** Somebody must stay who can administer the gateway. `admins` are the enabled administrators. */
export const canLoseAdministration = (personId: string, admins: readonly string[]): boolean =>
  admins.some((id) => id !== personId)

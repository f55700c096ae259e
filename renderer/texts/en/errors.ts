export const errors = {
  brokenTitle: 'This part could not be shown',
  brokenDetail: 'Something in the app itself went wrong. The rest keeps working.',
  unreachableTitle: '{{address}} does not answer',
  retry: 'Try again',
  noScreen: 'There is no such view',
  noScreenDetail: 'The address names nothing that this version knows.',
  toStart: 'Go to the start',
} as const

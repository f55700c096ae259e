import type { KubernetesObject } from '../review-codec.ts'
import type { Review } from './review.ts'

/** SelfSubjectReview: who the person is to the gateway. The cluster would name the profile’s account. */
export function answerSubject({ object, call }: Review): KubernetesObject {
  const { access } = call
  if (!access) throw new Error('A review is answered after it was admitted')
  const { person, session, credential, clusterId } = access
  return {
    ...object,
    status: {
      userInfo: {
        username: person.name,
        uid: person.id,
        groups: ['system:authenticated'],
        extra: {
          'gatehouse/cluster': [clusterId],
          'gatehouse/profile': [credential.profileName],
          'gatehouse/session': [session.id],
        },
      },
    },
  }
}

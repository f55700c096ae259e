import i18next from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import { english } from './en/catalogue.ts'

export type Area = keyof typeof english

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'frame'
    resources: typeof english
    /** A text that takes a value is written `{{value}}`. */
    returnNull: false
  }
}

/** Texts are there before anything is drawn; other languages would be loaded here. */
export function startTexts(): void {
  void i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: english },
    defaultNS: 'frame',
    initAsync: false,
    // React escapes what it draws.
    interpolation: { escapeValue: false },
  })
}

/** The texts of one area: `const t = useTexts('logs')`, `t('follow')`. */
export const useTexts = <A extends Area>(area: A) => useTranslation(area).t

/** For what is said outside of components: notifications, reasons of a refusal. */
export const textsOf = <A extends Area>(area: A) => i18next.getFixedT(null, area)

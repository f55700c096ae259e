import { randomUUID } from 'node:crypto'
import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type ModelStatic,
  type NonAttribute,
  type Sequelize,
} from 'sequelize'
import type { Person } from './person.ts'

/** One signed-in device of a person. */
export class Session extends Model<InferAttributes<Session>, InferCreationAttributes<Session>> {
  declare id: CreationOptional<string>
  declare personId: string
  declare device: string
  declare kind: 'device' | 'console'
  declare createdAt: CreationOptional<Date>
  declare lastUsedAt: CreationOptional<Date>
  declare expiresAt: Date
  declare revokedAt: CreationOptional<Date | null>
  /** Sealed; what the refresh tokens of this session are made from. */
  declare refreshSecret: string
  /** Counts refreshes, so that an older refresh or access token is known as such. */
  declare generation: CreationOptional<number>
  declare rotatedAt: CreationOptional<Date | null>
  /** Loaded by `include: 'person'` only. */
  declare person?: NonAttribute<Person>
}

export function defineSessions(sequelize: Sequelize): ModelStatic<Session> {
  return class extends Session {}.init(
    {
      id: { type: DataTypes.STRING(36), primaryKey: true, defaultValue: () => randomUUID() },
      personId: { type: DataTypes.STRING(36), allowNull: false },
      device: { type: DataTypes.STRING(100), allowNull: false },
      kind: { type: DataTypes.STRING(16), allowNull: false },
      createdAt: DataTypes.DATE,
      lastUsedAt: { type: DataTypes.DATE, allowNull: false, defaultValue: DataTypes.NOW },
      expiresAt: { type: DataTypes.DATE, allowNull: false },
      revokedAt: { type: DataTypes.DATE, allowNull: true, defaultValue: null },
      refreshSecret: { type: DataTypes.TEXT, allowNull: false },
      generation: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
      rotatedAt: { type: DataTypes.DATE, allowNull: true, defaultValue: null },
    },
    { sequelize, modelName: 'Session', tableName: 'sessions', updatedAt: false },
  )
}

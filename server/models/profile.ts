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
import type { Cluster } from './cluster.ts'

/** One identity in one cluster. */
export class Profile extends Model<InferAttributes<Profile>, InferCreationAttributes<Profile>> {
  declare id: CreationOptional<string>
  declare clusterId: string
  declare name: string
  declare kind: 'static' | 'minted'
  /** Sealed; a pasted token. Minted ones live in memory only. */
  declare credential: CreationOptional<string | null>
  declare serviceAccountNamespace: CreationOptional<string | null>
  declare serviceAccountName: CreationOptional<string | null>
  /** The `sub` of the token, to tell a renewal from another identity. */
  declare identity: CreationOptional<string | null>
  declare expiresAt: CreationOptional<Date | null>
  /** Raised with each replacement of the credential. */
  declare generation: CreationOptional<number>
  declare createdAt: CreationOptional<Date>
  /** Loaded by `include: 'cluster'` only. */
  declare cluster?: NonAttribute<Cluster>
}

export function defineProfiles(sequelize: Sequelize): ModelStatic<Profile> {
  return class extends Profile {}.init(
    {
      id: { type: DataTypes.STRING(36), primaryKey: true, defaultValue: () => randomUUID() },
      clusterId: { type: DataTypes.STRING(63), allowNull: false },
      name: { type: DataTypes.STRING(63), allowNull: false },
      kind: { type: DataTypes.STRING(16), allowNull: false },
      credential: { type: DataTypes.TEXT, allowNull: true, defaultValue: null },
      serviceAccountNamespace: { type: DataTypes.STRING(63), allowNull: true, defaultValue: null },
      serviceAccountName: { type: DataTypes.STRING(253), allowNull: true, defaultValue: null },
      identity: { type: DataTypes.TEXT, allowNull: true, defaultValue: null },
      expiresAt: { type: DataTypes.DATE, allowNull: true, defaultValue: null },
      generation: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 1 },
      createdAt: DataTypes.DATE,
    },
    { sequelize, modelName: 'Profile', tableName: 'profiles', updatedAt: false },
  )
}

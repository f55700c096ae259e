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
import type { Scope } from '../contract/grants.ts'
import type { Cluster } from './cluster.ts'
import type { Person } from './person.ts'
import type { Profile } from './profile.ts'

/** A person's right to use a profile. */
export class Grant extends Model<InferAttributes<Grant>, InferCreationAttributes<Grant>> {
  declare id: CreationOptional<string>
  declare personId: string
  declare profileId: string
  /** The profile's cluster, kept here because access is asked for by person and cluster. */
  declare clusterId: string
  declare scope: Scope
  declare expiresAt: CreationOptional<Date | null>
  declare createdAt: CreationOptional<Date>
  /** The id of the person who made it; that person may be gone by now. */
  declare createdBy: string
  /** Loaded by `include: ['person', 'profile', 'cluster']` only. */
  declare person?: NonAttribute<Person>
  declare profile?: NonAttribute<Profile>
  declare cluster?: NonAttribute<Cluster>
}

export function defineGrants(sequelize: Sequelize): ModelStatic<Grant> {
  return class extends Grant {}.init(
    {
      id: { type: DataTypes.STRING(36), primaryKey: true, defaultValue: () => randomUUID() },
      personId: { type: DataTypes.STRING(36), allowNull: false },
      profileId: { type: DataTypes.STRING(36), allowNull: false },
      clusterId: { type: DataTypes.STRING(63), allowNull: false },
      scope: { type: DataTypes.JSON, allowNull: false },
      expiresAt: { type: DataTypes.DATE, allowNull: true, defaultValue: null },
      createdAt: DataTypes.DATE,
      createdBy: { type: DataTypes.STRING(36), allowNull: false },
    },
    { sequelize, modelName: 'Grant', tableName: 'grants', updatedAt: false },
  )
}

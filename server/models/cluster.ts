import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type ModelStatic,
  type Sequelize,
} from 'sequelize'

/** A Kubernetes API server that is reached through the gateway. */
export class Cluster extends Model<InferAttributes<Cluster>, InferCreationAttributes<Cluster>> {
  /** A slug, chosen by whoever registers it. */
  declare id: string
  declare name: string
  declare address: string
  declare caPem: CreationOptional<string | null>
  declare serverName: CreationOptional<string | null>
  /** Sealed: the address of a proxy may carry a password. */
  declare proxyUrl: CreationOptional<string | null>
  /** Sealed: the token that mints the tokens of this cluster's profiles. */
  declare keeper: CreationOptional<string | null>
  declare keeperNamespace: CreationOptional<string | null>
  declare createdAt: CreationOptional<Date>
  declare updatedAt: CreationOptional<Date>
  /** Raised with each change of how it is reached, so that a connection knows it is outdated. */
  declare revision: CreationOptional<number>
}

export function defineClusters(sequelize: Sequelize): ModelStatic<Cluster> {
  return class extends Cluster {}.init(
    {
      id: { type: DataTypes.STRING(63), primaryKey: true },
      name: { type: DataTypes.STRING(100), allowNull: false },
      address: { type: DataTypes.STRING(2048), allowNull: false },
      caPem: { type: DataTypes.TEXT, allowNull: true, defaultValue: null },
      serverName: { type: DataTypes.STRING(253), allowNull: true, defaultValue: null },
      proxyUrl: { type: DataTypes.TEXT, allowNull: true, defaultValue: null },
      keeper: { type: DataTypes.TEXT, allowNull: true, defaultValue: null },
      keeperNamespace: { type: DataTypes.STRING(63), allowNull: true, defaultValue: null },
      createdAt: DataTypes.DATE,
      updatedAt: DataTypes.DATE,
      revision: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 1 },
    },
    { sequelize, modelName: 'Cluster', tableName: 'clusters' },
  )
}

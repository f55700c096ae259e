import { randomUUID } from 'node:crypto'
import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type ModelStatic,
  type Sequelize,
} from 'sequelize'

/** An account of the gateway. */
export class Person extends Model<InferAttributes<Person>, InferCreationAttributes<Person>> {
  declare id: CreationOptional<string>
  declare name: string
  /** A PHC string; never leaves the server. */
  declare passwordHash: string
  declare admin: CreationOptional<boolean>
  declare disabledAt: CreationOptional<Date | null>
  declare createdAt: CreationOptional<Date>
}

export function definePersons(sequelize: Sequelize): ModelStatic<Person> {
  return class extends Person {}.init(
    {
      id: { type: DataTypes.STRING(36), primaryKey: true, defaultValue: () => randomUUID() },
      name: { type: DataTypes.STRING(128), allowNull: false },
      passwordHash: { type: DataTypes.STRING(255), allowNull: false },
      admin: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: false },
      disabledAt: { type: DataTypes.DATE, allowNull: true, defaultValue: null },
      createdAt: DataTypes.DATE,
    },
    { sequelize, modelName: 'Person', tableName: 'persons', updatedAt: false },
  )
}
